"""Signalling: a person's way to a WebRTC peer, by the socket (frames.py), WHIP or WHEP. See docs/webrtc.md."""
