/** How loud a microphone is: peak and mean of the last tenth of a second, in decibels below full scale. */

const EVERY = 100;
export const SILENT = -70;

export class LevelMeter {
  /** `show({ level, peak })`, ten times a second. */
  constructor(show) {
    this.show = show;
  }

  /** Listens to this track; a second call changes to another. The sound goes nowhere else. */
  listen(track) {
    this.stop();
    this.context ??= new AudioContext();
    this.wake();
    this.source = this.context.createMediaStreamSource(new MediaStream([track]));
    this.ear = this.context.createAnalyser();
    this.ear.fftSize = 4096;
    this.source.connect(this.ear);
    this.samples = new Float32Array(this.ear.fftSize);
    this.timer = setInterval(() => this.#measure(), EVERY);
  }

  /** A browser holds the sound back until the person has touched the page. */
  wake() {
    this.context?.resume().catch(() => {});
  }

  /** False where the browser lets nothing be measured yet: silence would be no finding then. */
  get awake() {
    return this.context?.state === "running";
  }

  stop() {
    clearInterval(this.timer);
    this.source?.disconnect();
    this.source = null;
  }

  #measure() {
    if (!this.awake) {
      return;
    }
    this.ear.getFloatTimeDomainData(this.samples);
    let [sum, peak] = [0, 0];
    for (const sample of this.samples) {
      sum += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    this.show({ level: decibels(Math.sqrt(sum / this.samples.length)), peak: decibels(peak) });
  }
}

const decibels = (amplitude) => (amplitude > 0 ? Math.max(-100, 20 * Math.log10(amplitude)) : -100);
