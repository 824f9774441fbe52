"""How fast a batch goes against a provider that answers at once or late, next to the loops one would write by hand.

    python -m benchmarks.throughput

See `__main__` for the options and `scenarios` for what is measured.
"""
