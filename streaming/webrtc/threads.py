"""Signalling's threads between its event loops and the synchronous domain."""

from fitfriends.core.threads import DatabaseThreads

# A slow query here holds up neither the chat nor Django.
_threads = DatabaseThreads("webrtc", 2)
in_thread = _threads.in_thread
close_connections = _threads.close_connections
