/**
 * Going back in a class that runs, as far as its playlist reaches: a bar, buttons, keys, and words about the position.
 *
 * media-chrome's own requests to seek are taken here: it knows nothing of a window that moves on.
 */

import { find, say } from "../lib/dom.js";
import { spokenTime } from "../lib/time.js";
import { barLength, isLive, positionFor, windowOf } from "./rewind-window.js";

const EVERY = 500;
const STEP = 10;
const LEAP = 60;
// A pause this long means to stay; less is brought in by speed.
const PAUSED = 3;
const NOTE_STAYS = 4000;

const ELSEWHERE = "media-rendition-menu, media-volume-range";

export class Rewind {
  /** The bar is under somebody's finger: nobody else moves it. */
  dragged = false;
  played = false;
  /** @type {number | null} seconds behind live that are wanted of a source which is yet to come */
  wanted = null;

  /**
   * @param {HTMLElement} screen holds an input marked data-time in a row marked data-time-row, and a status marked
   *   data-position
   * @param {HTMLVideoElement} video
   * @param {import("./live-edge.js").LiveEdge} live
   */
  constructor(screen, video, live) {
    this.video = video;
    this.live = live;
    this.row = find(screen, "[data-time-row]");
    this.bar = find(screen, "[data-time]", HTMLInputElement);
    this.note = find(screen, "[data-position]");
    this.#take(screen, "mediaseekrequest", (time) => this.to(time));
    this.#take(screen, "mediaseektoliverequest", () => this.goLive());
    screen.addEventListener("keydown", (event) => this.#key(event));
    this.bar.addEventListener("input", () => this.#preview());
    this.bar.addEventListener("change", () => this.#drop());
    // Dragged away and back again is no change.
    this.bar.addEventListener("blur", () => this.#letGo());
    this.bar.addEventListener("pointerup", () => setTimeout(() => this.#letGo()));
    video.addEventListener("playing", () => {
      this.played = true;
    });
    video.addEventListener("play", () => this.#comeInside());
    setInterval(() => this.#look(), EVERY);
  }

  get #window() {
    return windowOf(this.live.source);
  }

  /**
   * Goes there and stays; beyond live it is live, before the window its oldest picture.
   * @param {number} time
   */
  to(time) {
    const found = this.#window;
    if (!found) {
      this.#changeSource(this.video.currentTime - time);
      return;
    }
    const position = positionFor(found, time);
    if (position === "live") {
      this.goLive();
      return;
    }
    this.live.hold();
    this.video.currentTime = position;
    this.#say(time < found.oldest ? `The oldest picture, ${this.#words}` : this.#words);
    this.#draw();
  }

  /**
   * The picture by WebRTC has no past: the one that has it comes first, then the step of so many seconds.
   * @param {number} behind
   */
  #changeSource(behind) {
    if (this.live.source?.realtime && !isLive(behind)) {
      this.wanted = behind;
      this.live.leave();
    }
  }

  goLive() {
    this.wanted = null;
    this.live.goLive();
    this.#say("Live");
    this.#draw();
  }

  /**
   * Words over the picture and for screen readers, for some seconds.
   * @param {string} text
   */
  #say(text) {
    clearTimeout(this.fading);
    say(this.note, text);
    this.fading = setTimeout(() => say(this.note, ""), NOTE_STAYS);
  }

  get #words() {
    return `${spokenTime(this.live.gap)} behind live`;
  }

  /**
   * @param {HTMLElement} screen
   * @param {string} request
   * @param {(detail: number) => void} act
   */
  #take(screen, request, act) {
    /** @param {Event} event */
    const taken = (event) => {
      event.stopPropagation();
      act(/** @type {CustomEvent<number>} */ (event).detail);
    };
    screen.addEventListener(request, taken, { capture: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target, key } = event;
    /** @type {Record<string, () => void>} */
    const acts = { Home: () => this.to(Number.NEGATIVE_INFINITY), End: () => this.goLive() };
    if (target === this.bar) {
      acts.ArrowLeft = acts.ArrowDown = () => this.#step(-STEP);
      acts.ArrowRight = acts.ArrowUp = () => this.#step(STEP);
      acts.PageDown = () => this.#step(-LEAP);
      acts.PageUp = () => this.#step(LEAP);
    }
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (acts[key] && !modified && target instanceof Element && !target.closest(ELSEWHERE)) {
      event.preventDefault();
      event.stopPropagation();
      acts[key]();
    }
  }

  /** @param {number} seconds */
  #step(seconds) {
    this.to(this.video.currentTime + seconds);
  }

  #preview() {
    this.dragged = true;
    const behind = -this.bar.valueAsNumber;
    this.#mark(isLive(behind) ? "Live" : `${spokenTime(behind)} behind live`);
  }

  #letGo() {
    this.dragged = false;
  }

  #drop() {
    this.#letGo();
    const found = this.#window;
    if (found) {
      this.to(found.edge + this.bar.valueAsNumber);
    }
  }

  #look() {
    const found = this.#window;
    if (this.wanted && found && this.video.readyState > 1) {
      const behind = this.wanted;
      this.wanted = null;
      this.to(found.edge - behind);
    }
    if (!this.video.paused) {
      this.#comeInside();
    } else if (this.#stands && this.live.gap > PAUSED && !this.live.rewound) {
      this.live.hold();
    }
    this.#draw();
  }

  /** Whether the picture was paused, and not just about to begin. */
  get #stands() {
    return this.played && this.video.readyState > 1 && !this.video.seeking && !this.video.ended;
  }

  /** A viewer who paused or has a poor line may have dropped out of the window: go to its oldest picture. */
  #comeInside() {
    const found = this.#window;
    if (found && this.live.rewound && !this.video.seeking && this.video.currentTime < found.start) {
      this.to(Number.NEGATIVE_INFINITY);
    }
  }

  #draw() {
    const length = barLength(this.#window);
    this.row.hidden = length === 0;
    if (this.row.hidden || this.dragged) {
      return;
    }
    const { rewound, gap } = this.live;
    this.bar.min = String(-Math.ceil(length));
    this.bar.value = String(rewound ? -Math.round(gap) : 0);
    this.#mark(rewound ? this.#words : "Live");
  }

  /** @param {string} words */
  #mark(words) {
    const { min, value } = this.bar;
    this.bar.style.setProperty("--played", `${100 * (1 - Number(value) / Number(min))}%`);
    if (this.bar.getAttribute("aria-valuetext") !== words) {
      this.bar.setAttribute("aria-valuetext", words);
    }
  }
}
