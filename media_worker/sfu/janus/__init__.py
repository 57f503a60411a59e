"""A typed client of Janus' API."""
