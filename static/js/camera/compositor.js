/**
 * One picture whatever is to be seen: camera, screen or words are drawn onto one canvas, whose track is what leaves.
 *
 * A track of another source, even of the same size, makes browsers begin their encoder anew with other parameters, and the
 * copy that goes on to everybody else would have to begin anew with it.
 */

import { find } from "../lib/dom.js";
import { CAPTURE_FORMAT } from "./capture-format.js";

const TICK = 1000 / CAPTURE_FORMAT.fps;
// Words and screens that stand still are drawn as often, so that the signal never looks dead.
const STILL = 100;
// A camera that shows nothing for so long is not waited for; its picture is drawn when it comes.
const FIRST_FRAME_MS = 4000;

/** @typedef {{ title: string, line: string }} SlateWords */

export class Compositor {
  /** @type {SlateWords | null} instead of a picture */
  words = null;
  /** @type {MediaStreamTrack | null} */
  source = null;
  drawnAt = 0;

  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = CAPTURE_FORMAT.width;
    canvas.height = CAPTURE_FORMAT.height;
    const pen = canvas.getContext("2d", { alpha: false });
    if (!pen) {
      throw new Error("This browser gives no canvas.");
    }
    this.pen = pen;
    this.track = canvas.captureStream().getVideoTracks()[0];
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.tells = "requestVideoFrameCallback" in this.video;
    this.ticker = new Worker(find(document, "[data-camera]").dataset.ticker ?? "");
    this.ticker.addEventListener("message", () => this.#tick());
    this.ticker.postMessage(TICK);
    this.#follow();
    this.#draw();
  }

  /**
   * What is to be seen: a camera's or a screen's track. Resolves when its first frame is there, or too late.
   * @param {MediaStreamTrack} source
   */
  async show(source) {
    this.source = source;
    this.video.srcObject = new MediaStream([source]);
    const playing = this.video.play().catch(() => {});
    await Promise.race([playing, new Promise((done) => setTimeout(done, FIRST_FRAME_MS))]);
  }

  /**
   * Words instead of a picture, or null for the picture again.
   * @param {SlateWords | null} words
   */
  slate(words) {
    this.words = words;
    this.#draw();
  }

  /** Frames a second that should be sent. */
  get fps() {
    const { displaySurface, frameRate } = this.source?.getSettings() ?? {};
    const still = this.words || displaySurface;
    return still ? 1000 / STILL : Math.min(CAPTURE_FORMAT.fps, frameRate || CAPTURE_FORMAT.fps);
  }

  /** The source as it is, 0 before its first frame. */
  get size() {
    return { width: this.video.videoWidth, height: this.video.videoHeight };
  }

  /** Draws each frame of the source, where the browser announces them. */
  #follow() {
    if (this.tells) {
      this.video.requestVideoFrameCallback(() => {
        if (!this.words) {
          this.#draw();
        }
        this.#follow();
      });
    }
  }

  /** Draws what #follow misses: a page in the background gets no announcements. */
  #tick() {
    const told = document.visibilityState === "visible" && this.tells;
    const interval = this.words || told ? STILL : 0;
    if (performance.now() - this.drawnAt >= interval) {
      this.#draw();
    }
  }

  #draw() {
    const { pen } = this;
    const { width, height } = CAPTURE_FORMAT;
    this.drawnAt = performance.now();
    if (this.words) {
      this.#drawWords(this.words);
      return;
    }
    const { videoWidth, videoHeight } = this.video;
    const scale = videoWidth ? Math.min(width / videoWidth, height / videoHeight) : 0;
    const [wide, high] = [videoWidth * scale, videoHeight * scale];
    if (wide < width || high < height) {
      pen.fillStyle = "#000000";
      pen.fillRect(0, 0, width, height);
    }
    if (videoWidth) {
      pen.drawImage(this.video, (width - wide) / 2, (height - high) / 2, wide, high);
    }
  }

  /** @param {SlateWords} words */
  #drawWords({ title, line }) {
    const { pen } = this;
    const { width, height } = CAPTURE_FORMAT;
    const look = getComputedStyle(document.documentElement);
    pen.fillStyle = look.getPropertyValue("--room");
    pen.fillRect(0, 0, width, height);
    pen.textAlign = "center";
    pen.fillStyle = look.getPropertyValue("--room-ink");
    pen.font = `800 84px ${look.getPropertyValue("--display-font")}`;
    pen.fillText(title, width / 2, height / 2 - 10, width - 120);
    pen.fillStyle = look.getPropertyValue("--room-muted");
    pen.font = `500 36px ${look.getPropertyValue("--display-font")}`;
    pen.fillText(line, width / 2, height / 2 + 62, width - 120);
  }
}
