/** What our offers and answers say beyond the browser's own: which codecs come first, and how Opus is to sound. */

/** Bits a second. Speech is clear at half of what music needs. */
const SOUND = { music: 160000, speech: 64000 };

const H264 = "video/H264";
const VP8 = "video/VP8";

function videoCodecs() {
  return globalThis.RTCRtpSender?.getCapabilities?.("video")?.codecs ?? [];
}

/** The baseline profile in packets of any size: what every phone decodes, and what goes on to HLS as it is. */
function plain({ mimeType, sdpFmtpLine = "" }) {
  return mimeType === H264 && /packetization-mode=1/.test(sdpFmtpLine) && /profile-level-id=42/i.test(sdpFmtpLine);
}

/** { h264, vp8, opus }: what this browser can send. */
export function sendableCodecs() {
  const video = videoCodecs();
  const audio = globalThis.RTCRtpSender?.getCapabilities?.("audio")?.codecs ?? [];
  return {
    h264: video.some(plain),
    vp8: video.some(({ mimeType }) => mimeType === VP8),
    opus: audio.some(({ mimeType }) => mimeType.toLowerCase() === "audio/opus"),
  };
}

/** H.264 first, since it is not encoded again on its way to everybody; VP8 where the browser has nothing else. */
export function preferCodecs(transceiver) {
  const known = videoCodecs();
  const constrained = (codec) => /profile-level-id=42e0/i.test(codec.sdpFmtpLine);
  const h264 = known.filter(plain).sort((one, other) => constrained(other) - constrained(one));
  const vp8 = known.filter(({ mimeType }) => mimeType === VP8);
  const repair = known.filter(({ mimeType }) => mimeType === "video/rtx");
  if (h264.length + vp8.length > 0) {
    transceiver.setCodecPreferences?.([...h264, ...vp8, ...repair]);
  }
}

/**
 * Opus without silence suppression (a pause in the talk is no lost signal) and with repair; for music in stereo and with
 * more bits. Browsers obey what the other side's description asks for, so this goes over offers and answers alike.
 */
export function withOpus(sdp, { music, most = Infinity }) {
  const bits = Math.min(most, music ? SOUND.music : SOUND.speech);
  const wanted = { maxaveragebitrate: bits, usedtx: 0, useinbandfec: 1 };
  Object.assign(wanted, music ? { stereo: 1, "sprop-stereo": 1 } : { stereo: 0 });
  const type = sdp.match(/^a=rtpmap:(\d+) opus\/48000\/2/im)?.[1];
  if (!type) {
    return sdp;
  }
  const line = new RegExp(`^a=fmtp:${type} (.*)$`, "m");
  const said = sdp.match(line)?.[1].trim() ?? "";
  const pairs = said.split(";").map((pair) => pair.trim().split("="));
  const merged = { ...Object.fromEntries(pairs.filter(([name]) => name)), ...wanted };
  const text = `a=fmtp:${type} ${Object.entries(merged)
    .map(([name, value]) => (value === undefined ? name : `${name}=${value}`))
    .join(";")}`;
  return sdp.match(line)
    ? sdp.replace(line, () => text)
    : sdp.replace(new RegExp(`^(a=rtpmap:${type} .*)$`, "m"), (whole) => `${whole.trimEnd()}\r\n${text}`);
}
