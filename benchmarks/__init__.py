"""Benchmarks: each prints a table and JSON, with its rivals in the same run. `python -m benchmarks.<name>`."""
