"""Makes a playable class of a publisher's signal: runs, ffmpeg, the HLS packager, and the gateway to WebRTC."""
