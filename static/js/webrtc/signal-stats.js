/** What the browser measures of the picture it sends, second by second, and one word for it that an instructor understands. */

const BAD_LOSS = 0.08;
const SOME_LOSS = 0.03;

/** Figures since the last call: { bitrate, fps, width, height, rtt, loss, limitation, codec }; null before the second one. */
export class SignalStats {
  read(report) {
    const all = [...report.values()];
    const sent = all.find(({ type, kind }) => type === "outbound-rtp" && kind === "video");
    if (!sent) {
      return null;
    }
    const heard = all.find(({ type, kind }) => type === "remote-inbound-rtp" && kind === "video") ?? {};
    const pair = all.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
    const bytes = all.filter(({ type }) => type === "outbound-rtp").reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0);
    const before = this.before;
    this.before = { ssrc: sent.ssrc, at: sent.timestamp, bytes, frames: sent.framesSent ?? 0 };
    const seconds = before?.ssrc === sent.ssrc ? (sent.timestamp - before.at) / 1000 : 0;
    if (seconds <= 0) {
      return null;
    }
    return {
      bitrate: Math.max(0, ((bytes - before.bytes) * 8) / seconds),
      fps: Math.max(0, (this.before.frames - before.frames) / seconds),
      width: sent.frameWidth ?? 0,
      height: sent.frameHeight ?? 0,
      rtt: heard.roundTripTime ?? pair?.currentRoundTripTime ?? 0,
      loss: heard.fractionLost ?? 0,
      limitation: sent.qualityLimitationReason ?? "none",
      codec: report.get(sent.codecId)?.mimeType?.split("/")[1] ?? "",
    };
  }

  /** After a new connection. */
  reset() {
    this.before = null;
  }
}

/** { word, look: ok | warn | bad, cure } for figures; `fps`: how many frames a second the source gives. */
export function quality(figures, fps) {
  if (!figures || figures.bitrate === 0 || figures.fps === 0) {
    return { word: "None", look: "bad", cure: "Nothing leaves this device. We try again by ourselves." };
  }
  const { loss, rtt, limitation } = figures;
  const slow = figures.fps / fps;
  if (limitation === "cpu" || (slow < 0.4 && limitation !== "bandwidth")) {
    return { word: slow < 0.4 ? "Weak" : "Fair", look: slow < 0.4 ? "bad" : "warn", cure: "This device is at its limit: close other apps and tabs." };
  }
  if (loss > BAD_LOSS || rtt > 0.8 || slow < 0.4) {
    return { word: "Weak", look: "bad", cure: "Your connection is too weak: move closer to the router, or change to mobile data." };
  }
  if (loss > SOME_LOSS || rtt > 0.4 || slow < 0.7 || limitation === "bandwidth") {
    return { word: "Fair", look: "warn", cure: "Your connection is not steady: move closer to the router." };
  }
  return { word: "Good", look: "ok", cure: "" };
}

/** 1 840 000 -> "1.8 Mbit/s" */
export const rateText = (bits) => (bits < 1e6 ? `${Math.round(bits / 1000)} kbit/s` : `${(bits / 1e6).toFixed(1)} Mbit/s`);
