"""The gateway process: its socket and protocol, rooms, peers, checks of what clients send."""
