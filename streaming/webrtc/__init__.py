"""Signalling: a person's way to a WebRTC peer, by the socket (protocol.py), WHIP or WHEP. See docs/webrtc.md."""
