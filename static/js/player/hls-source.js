/**
 * One HLS address on one video element: hls.js where there is MSE, the browser itself in Safari.
 *
 * Calls back `refused()` once on 401 and 403, `playing()` when the picture moves, `waiting()` when it has to be fetched
 * again, `lost()` when hls.js itself did not arrive.
 */

import { Backoff } from "../lib/backoff.js";
import { stepOverGaps } from "./hls-gap-fix.js";
import { NativeSource, playsNatively } from "./native-source.js";
import { follow } from "./renditions.js";

const REFUSED = [401, 403];
// Fractions are brought in by speed, nobody hears a tenth; more by a seek (live-edge.js).
const HURRY = 1.1;

// A line that has carried the picture for so long may be trusted with the old distance again.
const CALM = 60000;

const SETTINGS = {
  lowLatencyMode: true,
  liveDurationInfinity: true,
  // How far behind the edge is the playlist's word (three parts); no liveSyncDuration here, it would win over it.
  maxLiveSyncPlaybackRate: HURRY,
  // Each stall moves it away a little, so that a poor line settles where it can hold.
  liveSyncOnStallIncrease: 0.3,
  // What is kept behind and fetched ahead while somebody is in the past: a phone's memory is small.
  backBufferLength: 30,
  maxMaxBufferLength: 60,
  startFragPrefetch: true,
  capLevelToPlayerSize: true,
};

class HlsJsSource {
  constructor(video, callbacks) {
    this.video = video;
    this.callbacks = callbacks;
    this.backoff = new Backoff({ first: 1000, most: 8000 });
  }

  async load(address) {
    this.address = address;
    const library = await import("../../vendor/hls.js/hls.light.min.js").catch(() => null);
    if (this.stopped) {
      return;
    }
    if (!library) {
      this.callbacks.lost();
      return;
    }
    const { default: Hls } = library;
    if (!Hls.isSupported()) {
      this.callbacks.unsupported();
      return;
    }
    this.#build(Hls);
  }

  #build(Hls) {
    this.hls?.destroy();
    this.hls = new Hls({ ...SETTINGS, workerPath: this.video.dataset.worker });
    this.hls.on(Hls.Events.ERROR, (_, data) => this.#failed(Hls, data));
    this.hls.on(Hls.Events.FRAG_BUFFERED, () => this.backoff.reset());
    this.hls.on(Hls.Events.FRAG_CHANGED, (_, data) => this.#forgive(data));
    follow(this.video, this.hls, Hls.Events);
    stepOverGaps(this.video, this.hls, Hls.Events);
    this.hls.loadSource(this.address);
    this.hls.attachMedia(this.video);
  }

  #failed(Hls, data) {
    if (data.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR) {
      this.stalledAt = Date.now();
    }
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

  /** Whether fractions behind live may be brought in by speed. */
  hurry(wanted) {
    if (this.hls) {
      this.hls.config.maxLiveSyncPlaybackRate = wanted ? HURRY : 1;
      this.video.playbackRate = wanted ? this.video.playbackRate : 1;
    }
  }

  /**
   * Gives back the distance from live that stalls have cost: after a while without any, and where a run ended, for that
   * was not the line's fault.
   */
  #forgive({ frag }) {
    const crossed = this.run !== undefined && this.run !== frag.cc;
    const calm = this.stalledAt && Date.now() - this.stalledAt > CALM;
    this.run = frag.cc;
    const { partHoldBack } = this.hls.latestLevelDetails ?? {};
    if ((crossed || calm) && partHoldBack) {
      this.stalledAt = 0;
      this.hls.targetLatency = partHoldBack; // hls.js counts stalls anew from here
    }
  }

  /** The oldest second that the playlist still lists, on the video's time line. */
  get start() {
    return this.hls?.latestLevelDetails?.fragmentStart ?? null;
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
    return this.mediaTime === null ? 0 : (Date.now() - this.mediaTime) / 1000;
  }

  /** The moment that the picture shows, by the dates in the playlist, in milliseconds since 1970; null while unknown. */
  get mediaTime() {
    return this.hls?.playingDate?.getTime() ?? null;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.hls?.destroy();
    this.hls = null;
  }
}

export function openSource(video, callbacks) {
  return playsNatively(video) ? new NativeSource(video, callbacks) : new HlsJsSource(video, callbacks);
}
