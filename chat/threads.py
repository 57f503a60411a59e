"""The chat's threads between its event loops and the synchronous domain."""

from fitfriends.core.threads import DatabaseThreads

_threads = DatabaseThreads("chat", 4)
in_thread = _threads.in_thread
open_connections = _threads.open_connections
close_connections = _threads.close_connections
