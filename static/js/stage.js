/**
 * Makes every source one size: a camera that already has it is sent as it is, all else is drawn onto a canvas of that size.
 *
 * Event "track": `track` is another one now, hand it to whoever sends or shows it.
 */

import { FRAME } from "./frame.js";

const SLATE_FPS = 10;
// A camera that shows nothing for so long is taken as it is; its size is seen when the picture comes.
const FIRST_FRAME = 4000;

export class Stage extends EventTarget {
  constructor() {
    super();
    this.canvas = document.createElement("canvas");
    this.canvas.width = FRAME.width;
    this.canvas.height = FRAME.height;
    this.pen = this.canvas.getContext("2d", { alpha: false });
    this.drawn = this.canvas.captureStream(FRAME.fps).getVideoTracks()[0];
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.addEventListener("resize", () => this.#choose());
    this.words = null;
    this.track = this.drawn;
    this.ticker = new Worker(new URL("tick-worker.js", import.meta.url));
    this.ticker.addEventListener("message", () => this.#draw());
    this.#draw();
  }

  /** What is to be seen: a camera's or a screen's track. Resolves when its first frame is there, or too late. */
  async show(source) {
    this.source = source;
    this.video.srcObject = new MediaStream([source]);
    const playing = this.video.play().catch(() => {});
    await Promise.race([playing, new Promise((done) => setTimeout(done, FIRST_FRAME))]);
    if (source === this.source) {
      this.#choose();
    }
  }

  /** Words instead of a picture, or null for the picture again. */
  slate(words) {
    this.words = words;
    this.#choose();
  }

  /** Frames a second that are meant to leave. */
  get fps() {
    return this.words ? SLATE_FPS : Math.min(FRAME.fps, this.source?.getSettings().frameRate || FRAME.fps);
  }

  /** The source as it is: { width, height }, 0 before its first frame. */
  get size() {
    return { width: this.video.videoWidth, height: this.video.videoHeight };
  }

  close() {
    this.ticker.terminate();
    this.video.srcObject = null;
    this.drawn.stop();
  }

  #choose() {
    const fits = this.video.videoWidth === FRAME.width && this.video.videoHeight === FRAME.height;
    const chosen = fits && !this.words && this.source ? this.source : this.drawn;
    this.ticker.postMessage(chosen === this.drawn ? 1000 / (this.words ? SLATE_FPS : FRAME.fps) : 0);
    this.#draw();
    if (chosen !== this.track) {
      this.track = chosen;
      this.dispatchEvent(new Event("track"));
    }
  }

  #draw() {
    const { pen } = this;
    const { width, height } = FRAME;
    if (this.words) {
      this.#drawWords();
      return;
    }
    const { videoWidth, videoHeight } = this.video;
    pen.fillStyle = "#000000";
    pen.fillRect(0, 0, width, height);
    if (videoWidth) {
      const scale = Math.min(width / videoWidth, height / videoHeight);
      const [wide, high] = [videoWidth * scale, videoHeight * scale];
      pen.drawImage(this.video, (width - wide) / 2, (height - high) / 2, wide, high);
    }
  }

  #drawWords() {
    const { pen } = this;
    const { width, height } = FRAME;
    const look = getComputedStyle(document.documentElement);
    pen.fillStyle = look.getPropertyValue("--room");
    pen.fillRect(0, 0, width, height);
    pen.textAlign = "center";
    pen.fillStyle = look.getPropertyValue("--room-ink");
    pen.font = `800 84px ${look.getPropertyValue("--display-font")}`;
    pen.fillText(this.words.title, width / 2, height / 2 - 10, width - 120);
    pen.fillStyle = look.getPropertyValue("--room-muted");
    pen.font = `500 36px ${look.getPropertyValue("--display-font")}`;
    pen.fillText(this.words.line, width / 2, height / 2 + 62, width - 120);
  }
}
