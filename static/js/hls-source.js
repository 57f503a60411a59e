/**
 * One HLS address on one video element: hls.js where there is MSE, the browser itself in Safari.
 *
 * Calls back `refused()` once on 401 and 403, `playing()` when the picture moves, `waiting()` when it has to be fetched again.
 */

import { Backoff } from "./backoff.js";
import { stepOverCracks } from "./crack.js";
import { follow } from "./renditions.js";

const LIBRARY = new URL("../vendor/hls.js-1.7.4/hls.esm.min.js", import.meta.url).href;
const WORKER = new URL("../vendor/hls.js-1.7.4/hls.worker.js", import.meta.url).href;

const REFUSED = [401, 403];
// Safari's own player keeps this far from the end of what it can seek.
const NATIVE_TARGET = 2;

const SETTINGS = {
  workerPath: WORKER,
  lowLatencyMode: true,
  liveDurationInfinity: true,
  // How far behind the edge is the playlist's word (three parts); no liveSyncDuration here, it would win over it.
  // Fractions are brought in by speed, nobody hears a tenth; more by a seek (live-edge.js).
  maxLiveSyncPlaybackRate: 1.1,
  // Each stall moves it away a little, so that a poor line settles where it can hold.
  liveSyncOnStallIncrease: 0.3,
  backBufferLength: 30,
  startFragPrefetch: true,
  capLevelToPlayerSize: true,
};

/** Safari plays HLS itself: with AirPlay, and on iPhones with nothing else. Others only claim to. */
export function playsNatively(video) {
  return (
    "WebKitPlaybackTargetAvailabilityEvent" in globalThis &&
    video.canPlayType("application/vnd.apple.mpegurl") !== ""
  );
}

class HlsJsSource {
  constructor(video, callbacks) {
    this.video = video;
    this.callbacks = callbacks;
    this.backoff = new Backoff({ first: 1000, most: 8000 });
  }

  async load(address) {
    this.address = address;
    const { default: Hls } = await import(LIBRARY);
    if (this.stopped) {
      return;
    }
    if (!Hls.isSupported()) {
      this.callbacks.unsupported();
      return;
    }
    this.#build(Hls);
  }

  #build(Hls) {
    this.hls?.destroy();
    this.hls = new Hls(SETTINGS);
    this.hls.on(Hls.Events.ERROR, (_, data) => this.#failed(Hls, data));
    this.hls.on(Hls.Events.FRAG_BUFFERED, () => this.backoff.reset());
    follow(this.video, this.hls, Hls.Events);
    stepOverCracks(this.video, this.hls, Hls.Events);
    this.hls.loadSource(this.address);
    this.hls.attachMedia(this.video);
  }

  #failed(Hls, data) {
    if (REFUSED.includes(data.response?.code)) {
      this.hls.stopLoad();
      this.callbacks.refused();
    } else if (data.fatal && data.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
      this.recovered = true;
      this.#keepPlaying(() => this.hls.recoverMediaError());
    } else if (data.fatal) {
      this.#again(Hls);
    }
  }

  /** A playlist that is not there yet, a network that is gone: start over, later and later. */
  #again(Hls) {
    this.callbacks.waiting();
    this.hls.stopLoad();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.recovered = false;
      this.#keepPlaying(() => this.#build(Hls));
    }, this.backoff.next());
  }

  /** An element that loses its source pauses; whoever was watching has not asked for that. */
  #keepPlaying(change) {
    const { paused } = this.video;
    change();
    if (!paused) {
      this.video.play().catch(() => {});
    }
  }

  get edge() {
    return this.hls?.liveSyncPosition ?? null;
  }

  get latency() {
    return this.hls?.latency ?? 0;
  }

  get target() {
    return this.hls?.targetLatency ?? 0;
  }

  /** Seconds from the packager's clock to the picture, by the dates in the playlist; 0 while unknown. */
  get delay() {
    const date = this.hls?.playingDate;
    return date ? (Date.now() - date.getTime()) / 1000 : 0;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.hls?.destroy();
    this.hls = null;
  }
}

class NativeSource {
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
    const begin = this.video.getStartDate?.().getTime();
    return begin > 0 ? (Date.now() - begin) / 1000 - this.video.currentTime : 0;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.video.removeEventListener("error", this.failed);
    this.video.removeAttribute("src");
    this.video.load();
  }
}

export function openSource(video, callbacks) {
  return playsNatively(video) ? new NativeSource(video, callbacks) : new HlsJsSource(video, callbacks);
}
