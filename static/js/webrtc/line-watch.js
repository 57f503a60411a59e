/** Whether a line carries a picture by WebRTC, looked at once a second; a poor one is told once. */

const EVERY = 1000;
// Of the last seconds so many were bad, or so many in a row had no frame at all.
const WINDOW = 12;
const BAD = 5;
const STILL = 3;
const LOST = 0.1;
const FROZEN = 0.4;

export class LineWatch {
  /** `peer`: has numbers(). Calls `told(numbers)` each second and `poor()` once. */
  constructor(peer, { poor, told }) {
    this.peer = peer;
    this.poor = poor;
    this.told = told;
    this.seconds = [];
    this.still = 0;
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
    const before = this.before;
    this.before = now;
    // A tab that nobody sees may leave frames out, and that is no fault of the line.
    if (!before || document.hidden) {
      this.still = 0;
      return;
    }
    const since = (name) => now[name] - before[name];
    const lost = since("lost") / Math.max(1, since("lost") + since("packets"));
    this.still = since("frames") === 0 ? this.still + 1 : 0;
    this.seconds = [...this.seconds, lost > LOST || since("frozen") > FROZEN || this.still > 0].slice(-WINDOW);
    if (this.still >= STILL || this.seconds.filter(Boolean).length >= BAD) {
      this.stop();
      this.poor();
    }
  }
}
