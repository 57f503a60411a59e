"""The pages that join several apps."""
