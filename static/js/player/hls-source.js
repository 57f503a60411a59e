/**
 * One HLS address on one video element: hls.js where there is MSE, the browser itself in Safari.
 */

import { Backoff } from "../lib/backoff.js";
import { stepOverGaps } from "./hls-gap-fix.js";
import { NativeSource, playsNatively, REFUSED } from "./native-source.js";
import { follow } from "./renditions.js";

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

/** @implements {PictureSource} */
class HlsJsSource {
  /** @type {HlsJs.Player | null} */
  hls = null;
  address = "";
  stopped = false;
  recovered = false;
  /** When the buffer last ran dry, in milliseconds since 1970; 0 when that is forgiven. */
  stalledAt = 0;
  /** @type {number | undefined} which run of the encoder is on the screen */
  run;

  /**
   * @param {HTMLVideoElement} video
   * @param {SourceCallbacks} callbacks
   */
  constructor(video, callbacks) {
    this.video = video;
    this.callbacks = callbacks;
    this.backoff = new Backoff({ first: 1000, most: 8000 });
  }

  /** @param {string} address */
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

  /** @param {HlsJs.Library} Hls */
  #build(Hls) {
    this.hls?.destroy();
    const hls = new Hls({ ...SETTINGS, workerPath: this.video.dataset.worker });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, data) => this.#failed(Hls, hls, data));
    hls.on(Hls.Events.FRAG_BUFFERED, () => this.backoff.reset());
    hls.on(Hls.Events.FRAG_CHANGED, (_, { frag }) => this.#forgive(hls, frag.cc));
    follow(this.video, hls, Hls.Events);
    stepOverGaps(this.video, hls, Hls.Events);
    hls.loadSource(this.address);
    hls.attachMedia(this.video);
  }

  /**
   * @param {HlsJs.Library} Hls
   * @param {HlsJs.Player} hls
   * @param {HlsJs.Details["ERROR"]} data
   */
  #failed(Hls, hls, data) {
    if (data.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR) {
      this.stalledAt = Date.now();
    }
    if (REFUSED.includes(data.response?.code ?? 0)) {
      hls.stopLoad();
      this.callbacks.refused();
    } else if (data.fatal && data.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
      this.recovered = true;
      this.#keepPlaying(() => hls.recoverMediaError());
    } else if (data.fatal) {
      this.#again(Hls, hls);
    }
  }

  /**
   * A playlist that is not there yet, a network that is gone: start over, later and later.
   * @param {HlsJs.Library} Hls
   * @param {HlsJs.Player} hls
   */
  #again(Hls, hls) {
    this.callbacks.waiting();
    hls.stopLoad();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.recovered = false;
      this.#keepPlaying(() => this.#build(Hls));
    }, this.backoff.next());
  }

  /** @param {boolean} wanted */
  hurry(wanted) {
    if (this.hls) {
      this.hls.config.maxLiveSyncPlaybackRate = wanted ? HURRY : 1;
      this.video.playbackRate = wanted ? this.video.playbackRate : 1;
    }
  }

  /**
   * Gives back the distance from live that stalls have cost: after a while without any, and where a run ended, for that
   * was not the line's fault.
   * @param {HlsJs.Player} hls
   * @param {number} run
   */
  #forgive(hls, run) {
    const crossed = this.run !== undefined && this.run !== run;
    const calm = this.stalledAt && Date.now() - this.stalledAt > CALM;
    this.run = run;
    const { partHoldBack } = hls.latestLevelDetails ?? {};
    if ((crossed || calm) && partHoldBack) {
      this.stalledAt = 0;
      hls.targetLatency = partHoldBack; // hls.js counts stalls anew from here
    }
  }

  get start() {
    return this.hls?.latestLevelDetails?.fragmentStart ?? null;
  }

  /**
   * An element that loses its source pauses; whoever was watching has not asked for that.
   * @param {() => void} change
   */
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

  get delay() {
    return this.mediaTime === null ? 0 : (Date.now() - this.mediaTime) / 1000;
  }

  /** By the dates in the playlist. */
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

/**
 * @param {HTMLVideoElement} video
 * @param {SourceCallbacks} callbacks
 * @returns {PictureSource}
 */
export function openSource(video, callbacks) {
  return playsNatively(video) ? new NativeSource(video, callbacks) : new HlsJsSource(video, callbacks);
}
