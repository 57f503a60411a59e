/** What the browser measures of the picture it sends, second by second, and one word for it that an instructor understands. */

const BAD_LOSS = 0.08;
const SOME_LOSS = 0.03;

/**
 * @typedef {object} Figures of one second
 * @property {number} bitrate
 * @property {number} fps
 * @property {number} width
 * @property {number} height
 * @property {number} rtt seconds
 * @property {number} loss 0 to 1
 * @property {string} limitation what keeps the browser from more: none, cpu, bandwidth, other
 * @property {string} codec
 */

export class SignalStats {
  /** @type {{ ssrc: number, at: number, bytes: number, frames: number } | null} */
  before = null;

  /**
   * The figures since the last call; null before the second one.
   * @param {RTCStatsReport} report
   * @returns {Figures | null}
   */
  read(report) {
    const all = [...report.values()];
    const sent = all.find(({ type, kind }) => type === "outbound-rtp" && kind === "video");
    if (!sent) {
      return null;
    }
    const heard = all.find(({ type, kind }) => type === "remote-inbound-rtp" && kind === "video") ?? {};
    const pair = all.find(
      ({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded",
    );
    const bytes = all
      .filter(({ type }) => type === "outbound-rtp")
      .reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0);
    const { before } = this;
    const now = { ssrc: sent.ssrc, at: sent.timestamp, bytes, frames: sent.framesSent ?? 0 };
    this.before = now;
    const seconds = before && before.ssrc === now.ssrc ? (now.at - before.at) / 1000 : 0;
    if (!before || seconds <= 0) {
      return null;
    }
    return {
      bitrate: Math.max(0, ((bytes - before.bytes) * 8) / seconds),
      fps: Math.max(0, (now.frames - before.frames) / seconds),
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

/**
 * One word for the figures, how it looks, and what helps.
 * @param {Pick<Figures, "bitrate" | "fps" | "rtt" | "loss" | "limitation"> | null} figures
 * @param {number} fps how many frames a second the source gives
 * @returns {{ word: string, look: "ok" | "warn" | "bad", cure: string }}
 */
export function quality(figures, fps) {
  if (!figures || figures.bitrate === 0 || figures.fps === 0) {
    return { word: "None", look: "bad", cure: "Nothing leaves this device. We try again by ourselves." };
  }
  const { loss, rtt, limitation } = figures;
  const share = figures.fps / fps;
  if (limitation === "cpu" || (share < 0.4 && limitation !== "bandwidth")) {
    const cure = "This device is at its limit: close other apps and tabs.";
    return share < 0.4 ? { word: "Weak", look: "bad", cure } : { word: "Fair", look: "warn", cure };
  }
  if (loss > BAD_LOSS || rtt > 0.8 || share < 0.4) {
    return {
      word: "Weak",
      look: "bad",
      cure: "Your connection is too weak: move closer to the router, or change to mobile data.",
    };
  }
  if (loss > SOME_LOSS || rtt > 0.4 || share < 0.7 || limitation === "bandwidth") {
    return { word: "Fair", look: "warn", cure: "Your connection is not steady: move closer to the router." };
  }
  return { word: "Good", look: "ok", cure: "" };
}

/**
 * 1 840 000 -> "1.8 Mbit/s"
 * @param {number} bits a second
 */
export const rateText = (bits) =>
  bits < 1e6 ? `${Math.round(bits / 1000)} kbit/s` : `${(bits / 1e6).toFixed(1)} Mbit/s`;
