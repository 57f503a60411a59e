/**
 * Going back in a class that runs, as far as its playlist reaches: a bar, buttons, keys, and words about the place.
 *
 * media-chrome's own requests to seek are taken here: it knows nothing of a window that moves on.
 */

import { say } from "../lib/dom.js";
import { spokenTime } from "../lib/time.js";

const EVERY = 500;
const STEP = 10;
const LEAP = 60;
// A window shorter than this is not worth a bar.
const WORTH_A_BAR = 20;
// So close to live is live.
const AT_LIVE = 2;
// A pause this long is a place to stay at; less is brought in by speed.
const PAUSED = 3;
// The oldest place to go to: nearer to its end the window would leave it at once.
const MARGIN = 6;
const NOTE_STAYS = 4000;

const ELSEWHERE = "media-rendition-menu, media-volume-range";

export class Rewind {
  /** `screen` holds an input marked data-time in a row marked data-time-row, and a status marked data-position. */
  constructor(screen, video, live) {
    this.video = video;
    this.live = live;
    this.row = screen.querySelector("[data-time-row]");
    this.bar = screen.querySelector("[data-time]");
    this.note = screen.querySelector("[data-position]");
    this.#take(screen, "mediaseekrequest", ({ detail }) => this.to(detail));
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

  /** The oldest place that can be gone to and live, on the video's time line; null while nobody knows. */
  get #window() {
    const { start, edge } = this.live.source ?? {};
    return Number.isFinite(start) && Number.isFinite(edge) ? { start, oldest: start + MARGIN, edge } : null;
  }

  /** Goes there and stays; beyond live it is live, before the window its oldest picture. */
  to(time) {
    const { oldest, edge } = this.#window ?? {};
    if (edge === undefined) {
      this.#changeSource(this.video.currentTime - time);
      return;
    }
    if (time > edge - AT_LIVE || oldest > edge - AT_LIVE) {
      this.goLive();
      return;
    }
    this.live.hold();
    this.video.currentTime = Math.max(time, oldest);
    this.#say(time < oldest ? `The oldest picture, ${this.#words}` : this.#words);
    this.#draw();
  }

  /** The picture by WebRTC has no past: the one that has it comes first, then the step of so many seconds. */
  #changeSource(behind) {
    if (this.live.source?.realtime && behind > AT_LIVE) {
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

  /** Words over the picture and for screen readers, for some seconds. */
  #say(text) {
    clearTimeout(this.fading);
    say(this.note, text);
    this.fading = setTimeout(() => say(this.note, ""), NOTE_STAYS);
  }

  get #words() {
    return `${spokenTime(this.live.gap)} behind live`;
  }

  #take(screen, request, act) {
    const taken = (event) => {
      event.stopPropagation();
      act(event);
    };
    screen.addEventListener(request, taken, { capture: true });
  }

  #key(event) {
    const onBar = event.target === this.bar;
    const wanted = {
      Home: () => this.to(Number.NEGATIVE_INFINITY),
      End: () => this.goLive(),
      ...(onBar && {
        ArrowLeft: () => this.#step(-STEP),
        ArrowDown: () => this.#step(-STEP),
        ArrowRight: () => this.#step(STEP),
        ArrowUp: () => this.#step(STEP),
        PageDown: () => this.#step(-LEAP),
        PageUp: () => this.#step(LEAP),
      }),
    }[event.key];
    if (wanted && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.closest(ELSEWHERE)) {
      event.preventDefault();
      event.stopPropagation();
      wanted();
    }
  }

  #step(seconds) {
    this.to(this.video.currentTime + seconds);
  }

  #preview() {
    this.dragged = true;
    const behind = -this.bar.valueAsNumber;
    this.#mark(behind < AT_LIVE ? "Live" : `${spokenTime(behind)} behind live`);
  }

  #letGo() {
    this.dragged = false;
  }

  #drop() {
    this.#letGo();
    const { edge } = this.#window ?? {};
    if (edge !== undefined) {
      this.to(edge + this.bar.valueAsNumber);
    }
  }

  #look() {
    if (this.wanted && this.#window && this.video.readyState > 1) {
      const behind = this.wanted;
      this.wanted = null;
      this.to(this.#window.edge - behind);
    }
    if (!this.video.paused) {
      this.#comeInside();
    } else if (this.#stands && this.live.gap > PAUSED && !this.live.rewound) {
      this.live.hold();
    }
    this.#draw();
  }

  /** A picture that was paused, not one that has yet to begin. */
  get #stands() {
    return this.played && this.video.readyState > 1 && !this.video.seeking && !this.video.ended;
  }

  /** While they were paused, or on a poor line, the window may have left them behind. */
  #comeInside() {
    const { start } = this.#window ?? {};
    if (this.live.rewound && !this.video.seeking && this.video.currentTime < start) {
      this.to(Number.NEGATIVE_INFINITY);
    }
  }

  #draw() {
    const found = this.#window;
    const length = found ? found.edge - found.oldest : 0;
    this.row.hidden = length < WORTH_A_BAR;
    if (this.row.hidden || this.dragged) {
      return;
    }
    const { rewound, gap } = this.live;
    this.bar.min = -Math.ceil(length);
    this.bar.value = rewound ? -Math.round(gap) : 0;
    this.#mark(rewound ? this.#words : "Live");
  }

  #mark(words) {
    const { min, value } = this.bar;
    this.bar.style.setProperty("--played", `${100 * (1 - value / min)}%`);
    if (this.bar.getAttribute("aria-valuetext") !== words) {
      this.bar.setAttribute("aria-valuetext", words);
    }
  }
}
