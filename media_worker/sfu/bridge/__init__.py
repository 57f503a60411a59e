"""Pushes a browser's picture to RTMP, and pulls RTMP for viewers by WebRTC."""
