"""Static files: sources as they are in development, bundles with hashed names where they are collected."""
