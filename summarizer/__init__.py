"""Structured, verified summaries, key figures and deal terms from Chinese and English business news."""
