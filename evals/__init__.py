"""The eval harness: holds the pipeline's records against hand-labelled articles. Run as `python -m evals`; not in the wheel."""
