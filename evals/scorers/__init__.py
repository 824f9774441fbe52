"""One small file for each family of scores; each says in its docstring exactly what it counts."""
