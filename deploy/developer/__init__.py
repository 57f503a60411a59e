"""Tools of those who write this site; nothing here runs in production."""
