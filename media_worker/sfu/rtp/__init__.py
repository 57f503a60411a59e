"""RTP on the loopback interface: packets, clocks, relay, pacing."""
