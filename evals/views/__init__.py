"""What a run looks like: terminal, files for other programs, one HTML page."""
