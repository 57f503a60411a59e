"""Finds what a club does not want in its talk, however it is written. Plain Python, linear in the text."""
