"""Command lines for ffmpeg and ffprobe, and parsers of what they print. Pure."""
