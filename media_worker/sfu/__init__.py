"""The gateway between browsers and Janus, and the bridges between WebRTC and RTMP."""
