/** A MediaStream on a video element, as a source like the others, but without a past to go back to. */

// Camera, encoder and screen take their time too, and nobody tells how much.
const LEAST = 0.1;

/** @implements {PictureSource} */
export class StreamSource {
  realtime = true;
  start = null;
  edge = null;
  latency = 0;
  target = 0;
  delay = 0;

  /**
   * @param {HTMLVideoElement} video
   * @param {MediaStream} stream
   */
  constructor(video, stream) {
    this.video = video;
    this.stream = stream;
  }

  async load() {
    this.video.srcObject = this.stream;
  }

  /** @param {number} delay seconds from the server to here */
  measured(delay) {
    this.delay = Math.max(LEAST, delay);
  }

  hurry() {}

  /** As far as this device's clock is right. */
  get mediaTime() {
    return Date.now() - this.delay * 1000;
  }

  stop() {
    this.video.srcObject = null;
  }
}
