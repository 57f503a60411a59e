/** Waits that grow, with jitter, so that a thousand readers do not come back in the same second. */

export class Backoff {
  /** In milliseconds: the `first` step and the longest one. */
  constructor({ first = 500, most = 20000 } = {}) {
    this.first = first;
    this.most = most;
    this.tries = 0;
  }

  /** Milliseconds to wait before the next try: between half and one and a half of the doubled step. */
  next() {
    const step = Math.min(this.most, this.first * 2 ** this.tries);
    this.tries += 1;
    return step * (0.5 + Math.random());
  }

  reset() {
    this.tries = 0;
  }
}
