/** HLS by the browser itself, with the same face as hls-source.js. */

import { Backoff } from "../lib/backoff.js";

const REFUSED = [401, 403];
// Safari's own player keeps this far from the end of what it can seek.
const NATIVE_TARGET = 2;

/** Safari plays HLS itself: with AirPlay, and on iPhones with nothing else. Others only claim to. */
export function playsNatively(video) {
  return (
    "WebKitPlaybackTargetAvailabilityEvent" in globalThis &&
    video.canPlayType("application/vnd.apple.mpegurl") !== ""
  );
}

export class NativeSource {
  constructor(video, callbacks) {
    this.video = video;
    this.callbacks = callbacks;
    this.backoff = new Backoff({ first: 1000, most: 8000 });
    this.failed = () => this.#failed();
  }

  async load(address) {
    this.address = address;
    this.video.addEventListener("error", this.failed);
    this.video.src = address;
  }

  /** The element hides the reason: ask for the playlist once to tell a refusal from a fault. */
  async #failed() {
    const answer = await fetch(this.address).catch(() => null);
    if (this.stopped) {
      return;
    }
    if (REFUSED.includes(answer?.status)) {
      this.callbacks.refused();
      return;
    }
    this.callbacks.waiting();
    this.timer = setTimeout(() => {
      this.video.src = this.address;
      this.video.play().catch(() => {});
    }, this.backoff.next());
  }

  /** Safari decides for itself. */
  hurry() {}

  get start() {
    const { seekable } = this.video;
    return seekable.length ? seekable.start(0) : null;
  }

  get edge() {
    const { seekable } = this.video;
    return seekable.length ? seekable.end(seekable.length - 1) - NATIVE_TARGET : null;
  }

  get latency() {
    return this.edge === null ? 0 : this.edge + NATIVE_TARGET - this.video.currentTime;
  }

  get target() {
    return NATIVE_TARGET;
  }

  get delay() {
    return this.mediaTime === null ? 0 : (Date.now() - this.mediaTime) / 1000;
  }

  /** As in hls-source.js. */
  get mediaTime() {
    const begin = this.video.getStartDate?.().getTime();
    return begin > 0 ? begin + this.video.currentTime * 1000 : null;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.video.removeEventListener("error", this.failed);
    this.video.removeAttribute("src");
    this.video.load();
  }
}
