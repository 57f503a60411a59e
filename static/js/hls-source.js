/**
 * One HLS address on one video element: hls.js where there is MSE, the browser itself in Safari.
 *
 * Calls back `refused()` once on 403, `playing()` when the picture moves, `waiting()` when it has to be fetched again.
 */

import { Backoff } from "./backoff.js";
import { follow } from "./renditions.js";

const LIBRARY = new URL("../vendor/hls.js-1.7.4/hls.esm.min.js", import.meta.url).href;
const WORKER = new URL("../vendor/hls.js-1.7.4/hls.worker.js", import.meta.url).href;

const SETTINGS = {
  workerPath: WORKER,
  lowLatencyMode: true,
  liveDurationInfinity: true,
  // Two segments behind the edge; catching up by speed, and by a seek when far behind (docs: media findings).
  liveSyncDurationCount: 2,
  liveMaxLatencyDurationCount: 6,
  maxLiveSyncPlaybackRate: 1.5,
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
    this.hls.loadSource(this.address);
    this.hls.attachMedia(this.video);
  }

  #failed(Hls, data) {
    if (data.response?.code === 403) {
      this.callbacks.refused();
    } else if (data.fatal && data.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
      this.recovered = true;
      this.hls.recoverMediaError();
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
      this.#build(Hls);
    }, this.backoff.next());
  }

  get edge() {
    return this.hls?.liveSyncPosition ?? null;
  }

  get latency() {
    return this.hls?.latency ?? 0;
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
    if (answer?.status === 403) {
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
    return seekable.length ? seekable.end(seekable.length - 1) - 2 : null;
  }

  get latency() {
    return this.edge === null ? 0 : this.edge - this.video.currentTime;
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
