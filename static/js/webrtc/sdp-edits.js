/** What our offers and answers say beyond the browser's own: which codecs come first, and how Opus is to sound. */

/** Bits a second. Speech is clear at half of what music needs. */
const SOUND = { music: 160000, speech: 64000 };

const H264 = "video/H264";
const VP8 = "video/VP8";

/** @param {"audio" | "video"} kind */
function codecsOf(kind) {
  return globalThis.RTCRtpSender?.getCapabilities?.(kind)?.codecs ?? [];
}

/**
 * The baseline profile in packets of any size: what every phone decodes, and what goes on to HLS as it is.
 * @param {RTCRtpCodec} codec
 */
function isPlain({ mimeType, sdpFmtpLine = "" }) {
  return mimeType === H264 && /packetization-mode=1/.test(sdpFmtpLine) && /profile-level-id=42/i.test(sdpFmtpLine);
}

/** What this browser can send. */
export function sendableCodecs() {
  const video = codecsOf("video");
  return {
    h264: video.some(isPlain),
    vp8: video.some(({ mimeType }) => mimeType === VP8),
    opus: codecsOf("audio").some(({ mimeType }) => mimeType.toLowerCase() === "audio/opus"),
  };
}

/**
 * H.264 first, since it is not encoded again on its way to everybody; VP8 where the browser has nothing else.
 * @param {RTCRtpTransceiver} transceiver
 */
export function preferCodecs(transceiver) {
  const known = codecsOf("video");
  /** @param {RTCRtpCodec} codec */
  const constrained = (codec) => Number(/profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? ""));
  const h264 = known.filter(isPlain).sort((one, other) => constrained(other) - constrained(one));
  const vp8 = known.filter(({ mimeType }) => mimeType === VP8);
  const repair = known.filter(({ mimeType }) => mimeType === "video/rtx");
  if (h264.length + vp8.length > 0) {
    transceiver.setCodecPreferences?.([...h264, ...vp8, ...repair]);
  }
}

/**
 * Opus without silence suppression (a pause in what is said is no lost signal) and with repair; for music in stereo and
 * with more bits. Browsers obey what the other side's description asks for, so this goes over offers and answers alike.
 * @param {string} sdp
 * @param {{ music: boolean, most?: number }} sound `most`: bits a second
 */
export function withOpus(sdp, { music, most = Infinity }) {
  const bits = Math.min(most, music ? SOUND.music : SOUND.speech);
  const wanted = { maxaveragebitrate: bits, usedtx: 0, useinbandfec: 1 };
  Object.assign(wanted, music ? { stereo: 1, "sprop-stereo": 1 } : { stereo: 0 });
  const type = opusType(sdp);
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

/**
 * An answer that wants music in stereo: browsers send and decode it only when asked (RFC 7587 section 6.1).
 * @param {string} sdp
 */
export function inStereo(sdp) {
  const type = opusType(sdp);
  return type ? sdp.replace(new RegExp(`^(a=fmtp:${type} (?!.*stereo=).*)$`, "m"), "$1;stereo=1") : sdp;
}

/**
 * The number that this description gives to Opus.
 * @param {string} sdp
 */
const opusType = (sdp) => sdp.match(/^a=rtpmap:(\d+) opus\/48000\/2/im)?.[1];
