"""A stream's life and watching it."""
