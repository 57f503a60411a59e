/** A MediaStream on a video element, with the same face as hls-source.js. There is no past in it to go back to. */

// Camera, encoder and screen take their time too, and nobody tells how much.
const LEAST = 0.1;

export class StreamSource {
  realtime = true;
  start = null;
  edge = null;
  latency = 0;
  target = 0;
  /** Seconds from the server to the picture; 0 while unknown. */
  delay = 0;

  constructor(video, stream) {
    this.video = video;
    this.stream = stream;
  }

  async load() {
    this.video.srcObject = this.stream;
  }

  measured(delay) {
    this.delay = Math.max(LEAST, delay);
  }

  hurry() {}

  /** The moment that the picture shows, in milliseconds since 1970, as far as this device's clock is right. */
  get mediaTime() {
    return Date.now() - this.delay * 1000;
  }

  stop() {
    this.video.srcObject = null;
  }
}
