/** What our descriptions say beyond the browser's own. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inStereo, preferCodecs, sendableCodecs, withOpus } from "../../static/js/webrtc/sdp-edits.js";

const sdp = (line) => `m=audio 9 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n${line}a=rtpmap:0 PCMU/8000\r\n`;
const formats = (text) => text.split("\r\n").filter((line) => line.startsWith("a=fmtp"));

test("music is asked for in stereo and with more bits", () => {
  assert.deepEqual(formats(withOpus(sdp("a=fmtp:111 minptime=10;useinbandfec=1\r\n"), { music: true })), [
    "a=fmtp:111 minptime=10;useinbandfec=1;maxaveragebitrate=160000;usedtx=0;stereo=1;sprop-stereo=1",
  ]);
});

test("speech has a line of its own, within what the server allows", () => {
  assert.deepEqual(formats(withOpus(sdp(""), { music: false, most: 48000 })), [
    "a=fmtp:111 maxaveragebitrate=48000;usedtx=0;useinbandfec=1;stereo=0",
  ]);
});

test("a description without Opus stays as it is", () => {
  assert.equal(withOpus("m=audio 9 RTP/AVP 0", { music: true }), "m=audio 9 RTP/AVP 0");
  assert.equal(inStereo("m=audio 9 RTP/AVP 0"), "m=audio 9 RTP/AVP 0");
});

test("a viewer asks for stereo once", () => {
  const asked = inStereo(sdp("a=fmtp:111 minptime=10\r\n"));

  assert.match(asked, /a=fmtp:111 minptime=10;stereo=1\r\n/);
  assert.equal(inStereo(sdp("a=fmtp:111 stereo=1\r\n")), sdp("a=fmtp:111 stereo=1\r\n"));
});

const BASELINE = {
  mimeType: "video/H264",
  sdpFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
};
const CONSTRAINED = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=42e01f" };
const MAIN = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=4d001f" };
const SINGLE = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0;profile-level-id=42e01f" };
const VP8 = { mimeType: "video/VP8" };
const REPAIR = { mimeType: "video/rtx" };

/** / */
function browserWith(context, video) {
  const getCapabilities = (kind) => ({
    codecs: kind === "video" ? video : [{ mimeType: "audio/opus" }],
  });
  Object.assign(globalThis, { RTCRtpSender: { getCapabilities } });
  context.after(() => Reflect.deleteProperty(globalThis, "RTCRtpSender"));
}

test("H.264 that every phone decodes comes first, then VP8", (context) => {
  browserWith(context, [VP8, MAIN, SINGLE, BASELINE, CONSTRAINED, REPAIR]);
  let preferred = [];
  const setCodecPreferences = (codecs) => (preferred = codecs);

  preferCodecs({ setCodecPreferences });

  assert.deepEqual(preferred, [CONSTRAINED, BASELINE, VP8, REPAIR]);
});

test("what can be sent is what the browser has of it", (context) => {
  browserWith(context, [MAIN, VP8]);
  assert.deepEqual(sendableCodecs(), { h264: false, vp8: true, opus: true });
});

test("without WebRTC nothing can be sent", () => {
  assert.deepEqual(sendableCodecs(), { h264: false, vp8: false, opus: false });
});
