"""A publisher that speaks our signalling and nothing else, in a page of the site."""

from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.webrtc.painter import CAMERA
from tests.e2e.browsing import Visit
from tests.e2e.parts import until

_SPEAK = """async ([address, codec]) => {
  const said = globalThis.said = [];
  const socket = globalThis.socket = new WebSocket(address);
  const send = (frame) => socket.send(JSON.stringify(frame));
  const peer = new RTCPeerConnection();
  for (const track of paintedCamera().getTracks()) {
    const line = peer.addTransceiver(track, {direction: 'sendonly'});
    if (track.kind === 'video') {
      line.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs.filter(
        (one) => one.mimeType.toLowerCase() === `video/${codec}`));
      const parameters = line.sender.getParameters();
      parameters.degradationPreference = 'maintain-resolution';
      for (const encoding of parameters.encodings) encoding.maxBitrate = 2500000;
      await line.sender.setParameters(parameters);
    }
  }
  socket.addEventListener('message', async ({data}) => {
    const frame = JSON.parse(data);
    if (frame.type !== 'pong') said.push(frame);
    if (frame.type === 'hello') {
      await peer.setLocalDescription();
      send({type: 'publish', sdp: peer.localDescription.sdp});
      setInterval(() => send({type: 'ping', at: Date.now()}), 2000);
    } else if (frame.type === 'answer') {
      const sid = frame.sid;
      peer.addEventListener('connectionstatechange', () => send({type: 'state', sid, state: peer.connectionState}));
      await peer.setRemoteDescription({type: 'answer', sdp: frame.sdp});
    }
  });
}"""


def publish(browser: Browser, demo: dict[str, Any], address: str, codec: str) -> Page:
    """On air when `said` in the page has an `up`; close it to leave."""
    page = Visit(browser, demo, "instructor").page
    page.goto("/")
    page.evaluate(CAMERA)
    page.evaluate(_SPEAK, [address, codec])
    return page


def wait(page: Page, kind: str, **fields: object) -> None:
    """Until the server said such a frame."""
    # Asked from outside: the site's policy lets no text be evaluated in the page.
    until(lambda: any(_same(one, {"type": kind, **fields}) for one in page.evaluate("said")), what=kind, seconds=30)


def _same(frame: dict[str, Any], wanted: dict[str, object]) -> bool:
    return all(frame.get(name) == value for name, value in wanted.items())
