/** HLS by the browser itself, for Safari. */

import { Backoff } from "../lib/backoff.js";

/** Answers that say no to this person; any other fault may pass. */
export const REFUSED = [401, 403];
// Safari's own player keeps this far from the end of what it can seek.
const NATIVE_TARGET = 2;

/**
 * Safari plays HLS itself: with AirPlay, and on iPhones with nothing else. Others only claim to.
 * @param {HTMLVideoElement} video
 */
export function playsNatively(video) {
  return (
    "WebKitPlaybackTargetAvailabilityEvent" in globalThis && video.canPlayType("application/vnd.apple.mpegurl") !== ""
  );
}

/** @implements {PictureSource} */
export class NativeSource {
  address = "";
  stopped = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {SourceCallbacks} callbacks
   */
  constructor(video, callbacks) {
    this.video = video;
    this.callbacks = callbacks;
    this.backoff = new Backoff({ first: 1000, most: 8000 });
    this.failed = () => this.#failed();
  }

  /** @param {string} address */
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
    if (answer && REFUSED.includes(answer.status)) {
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

  /** By the date of the playlist's beginning. */
  get mediaTime() {
    const begin = this.video.getStartDate?.().getTime() ?? 0;
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
