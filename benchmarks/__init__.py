"""What is measured by hand, each a command: `python -m benchmarks.NAME`."""
