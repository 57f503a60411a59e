"""Cuts ffmpeg's fragments into parts and segments, and writes the playlists (RFC 8216bis)."""
