/** How loud a microphone is: peak and mean of the last tenth of a second, in decibels below full scale. */

const EVERY = 100;

export class LevelMeter {
  /** @type {{ context: AudioContext, source: MediaStreamAudioSourceNode, ear: AnalyserNode, samples: Float32Array<ArrayBuffer> } | null} */
  hearing = null;
  /** @type {AudioContext | undefined} */
  context;

  /** @param {(heard: { level: number, peak: number }) => void} show called ten times a second */
  constructor(show) {
    this.show = show;
  }

  /**
   * Listens to this track; a second call changes to another. The sound goes nowhere else.
   * @param {MediaStreamTrack} track
   */
  listen(track) {
    this.stop();
    this.context ??= new AudioContext();
    const { context } = this;
    this.wake();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const ear = context.createAnalyser();
    ear.fftSize = 4096;
    source.connect(ear);
    this.hearing = { context, source, ear, samples: new Float32Array(ear.fftSize) };
    this.timer = setInterval(() => this.#measure(), EVERY);
  }

  /** Browsers suspend sound until the person has touched the page. */
  wake() {
    this.context?.resume().catch(() => {});
  }

  /** False while the browser suspends sound: silence means nothing then. */
  get awake() {
    return this.context?.state === "running";
  }

  stop() {
    clearInterval(this.timer);
    this.hearing?.source.disconnect();
    this.hearing = null;
  }

  #measure() {
    if (this.hearing && this.awake) {
      const { ear, samples } = this.hearing;
      ear.getFloatTimeDomainData(samples);
      this.show(loudness(samples));
    }
  }
}

/**
 * Mean and peak of samples, in decibels.
 * @param {ArrayLike<number>} samples
 */
export function loudness(samples) {
  let [sum, peak] = [0, 0];
  for (let at = 0; at < samples.length; at += 1) {
    sum += samples[at] ** 2;
    peak = Math.max(peak, Math.abs(samples[at]));
  }
  return { level: decibels(Math.sqrt(sum / samples.length)), peak: decibels(peak) };
}

/** @param {number} amplitude */
const decibels = (amplitude) => (amplitude > 0 ? Math.max(-100, 20 * Math.log10(amplitude)) : -100);
