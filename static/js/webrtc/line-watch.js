/** Checks once a second whether a line carries a picture by WebRTC, and tells once when it is too poor. */

const EVERY = 1000;
// Of the last seconds so many were bad, or so many in a row had no frame at all.
const WINDOW = 12;
const BAD = 5;
const STILL = 3;
const LOST = 0.1;
const FROZEN = 0.4;

/** @typedef {import("./viewer-peer.js").Numbers} Numbers */

export class LineWatch {
  /** @type {boolean[]} whether each of the last seconds was bad */
  seconds = [];
  /** Seconds in a row without a frame. */
  still = 0;

  /**
   * @param {{ numbers(): Promise<Numbers> }} peer
   * @param {{ poor(): void, told(numbers: Numbers): void }} calls `told` comes each second, `poor` once
   */
  constructor(peer, { poor, told }) {
    this.peer = peer;
    this.poor = poor;
    this.told = told;
    this.timer = setInterval(() => this.#look(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  async #look() {
    const now = await this.peer.numbers().catch(() => null);
    if (!now) {
      return;
    }
    this.told(now);
    const { before } = this;
    this.before = now;
    // A tab that nobody sees may leave frames out, and that is no fault of the line.
    if (!before || document.hidden) {
      this.still = 0;
      return;
    }
    const lost = (now.lost - before.lost) / Math.max(1, now.lost - before.lost + now.packets - before.packets);
    this.still = now.frames === before.frames ? this.still + 1 : 0;
    const bad = lost > LOST || now.frozen - before.frozen > FROZEN || this.still > 0;
    this.seconds = [...this.seconds, bad].slice(-WINDOW);
    if (this.still >= STILL || this.seconds.filter(Boolean).length >= BAD) {
      this.stop();
      this.poor();
    }
  }
}
