"""Settings of signalling: where the gateway to the SFU listens, and the ICE servers that clients are told."""

from fitfriends.core import env
from fitfriends.settings.paths import STATE_DIR

SFU_SOCKET = env.text(
    "SFU_SOCKET", str(STATE_DIR / "sfu.sock"), meaning="Unix socket of this media host's WebRTC gateway."
)
TURN_URLS = env.words("TURN_URLS", [], meaning="Addresses of the TURN server, turn: and turns:, as clients see them.")
STUN_URLS = env.words("STUN_URLS", [], meaning="Addresses of STUN servers; none of a third party by default.")
JANUS_SOCKET = env.text(
    "JANUS_SOCKET", str(STATE_DIR / "janus.sock"), meaning="Unix socket of Janus, for its gateway."
)
WEBRTC_SEATS = env.number(
    "WEBRTC_SEATS", 60, meaning="Viewers that this media host carries by WebRTC; 0 turns that off."
)
