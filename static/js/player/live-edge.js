/**
 * Keeps a live picture at its edge: a seek at the start and after a stall, "Go live" when it is behind, and the
 * delay for whoever asks. Whoever went back on purpose is left there (`rewound`) until told otherwise.
 *
 * hls.js brings fractions of a second in by speed, and only while its buffer is longer than a second: what a slow
 * start or a dry buffer costs would otherwise stay for the whole class.
 */

import { maybe, say } from "../lib/dom.js";
import { Emitter } from "../lib/emitter.js";
import { clockText } from "../lib/time.js";

const EVERY = 500;
const WORTH_A_SEEK = 0.2;
const BETWEEN_SEEKS = 4000;
// Less ahead of the position that is sought, and the seek would stall.
const BUFFERED = 0.3;
const OFFERED = 3;
// So close to the edge nobody is rewound any more.
const ARRIVED = 1;
// A start or a return has this long to settle: at first everything looks close, then the first parts come late.
const SETTLING = 10000;

/**
 * Events: "change" when `rewound` changes; "leave" when the viewer goes back and the source has no past.
 * @extends {Emitter<{ change: undefined, leave: undefined }>}
 */
export class LiveEdge extends Emitter {
  #rewound = false;
  /** @type {PictureSource | null} */
  source = null;
  /** Whether to catch up by seeks. */
  behind = false;
  since = 0;
  soughtAt = 0;

  /**
   * @param {HTMLElement} screen may hold buttons marked data-go-live and data-delay
   * @param {HTMLVideoElement} video
   */
  constructor(screen, video) {
    super();
    this.video = video;
    this.button = maybe(screen, "[data-go-live]");
    this.delay = maybe(screen, "[data-delay]");
    this.button?.addEventListener("click", () => this.goLive());
    this.delay?.addEventListener("click", () => this.#ask());
    video.addEventListener("waiting", () => {
      if (!video.seeking && !this.#rewound) {
        this.catchUp();
      }
    });
    video.preservesPitch = true;
  }

  /** @param {PictureSource} source */
  follow(source) {
    this.stop();
    this.source = source;
    this.catchUp();
    this.timer = setInterval(() => this.#look(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
    this.source = null;
    this.#offer(false);
  }

  get rewound() {
    return this.#rewound;
  }

  /** Seconds from where the picture is to where live would be; 0 while nobody knows. */
  get gap() {
    return secondsBehind(this.source?.edge, this.video.currentTime);
  }

  /** The moment of the class that is being watched, in whole milliseconds since 1970; null while nothing plays. */
  get mediaTime() {
    const { paused, readyState } = this.video;
    const shown = paused || readyState < 2 ? null : (this.source?.mediaTime ?? null);
    return shown === null ? null : Math.round(shown);
  }

  /** The viewer wants to stay here: no more catching up, neither by seeks nor by speed. */
  hold() {
    this.behind = false;
    this.#setRewound(true);
  }

  /** Catches up by seeks with what speed alone would not bring in, until the delay has settled. */
  catchUp() {
    this.behind = true;
    this.since = Date.now();
    this.#setRewound(false);
  }

  /** The viewer wants to go back, and the source has no past: another one is needed. */
  leave() {
    this.tell("leave");
  }

  /** As close to now as the playlist allows. */
  toEdge() {
    const edge = this.source?.edge ?? 0;
    if (this.gap > 0) {
      this.soughtAt = Date.now();
      this.video.currentTime = edge;
    }
    this.catchUp();
  }

  /** The same, wanted by the viewer. */
  goLive() {
    this.toEdge();
    this.#offer(false);
    this.video.play().catch(() => {});
  }

  /** @param {boolean} rewound */
  #setRewound(rewound) {
    this.source?.hurry(!rewound);
    if (rewound !== this.#rewound) {
      this.#rewound = rewound;
      this.#showDelay();
      this.tell("change");
    }
  }

  get #late() {
    return (this.source?.latency ?? 0) - (this.source?.target ?? 0);
  }

  #look() {
    const { paused, readyState, seeking } = this.video;
    if (this.#rewound && !seeking && this.gap < ARRIVED) {
      this.catchUp();
    }
    this.#showDelay();
    this.#offer(this.#rewound || (!paused && !this.behind && this.#late > OFFERED));
    if (!this.behind || paused || seeking || readyState < 3) {
      return;
    }
    if (this.#late < WORTH_A_SEEK) {
      this.behind = Date.now() - this.since < SETTLING;
      return;
    }
    const edge = this.source?.edge ?? null;
    const ready = edge !== null && bufferedFrom(this.video.buffered, edge) > BUFFERED;
    if (ready && Date.now() - this.soughtAt > BETWEEN_SEEKS) {
      this.soughtAt = Date.now();
      this.video.currentTime = edge;
    }
  }

  /** @param {boolean} shown */
  #offer(shown) {
    if (this.button) {
      this.button.hidden = !shown;
    }
  }

  #ask() {
    const pressed = this.delay?.getAttribute("aria-pressed") !== "true";
    this.delay?.setAttribute("aria-pressed", String(pressed));
    this.#showDelay();
  }

  #showDelay() {
    if (!this.delay) {
      return;
    }
    const asked = this.delay.getAttribute("aria-pressed") === "true";
    const delay = this.source?.delay ?? 0;
    if (this.#rewound) {
      say(this.delay, `${clockText(this.gap)} behind`);
    } else {
      say(this.delay, asked && delay > 0 ? `${delay.toFixed(1)} s behind` : "Delay");
    }
  }
}

/**
 * Seconds from a position to the edge; 0 while the edge is unknown, and never below.
 * @param {number | null | undefined} edge
 * @param {number} position
 */
export const secondsBehind = (edge, position) => (typeof edge === "number" ? Math.max(0, edge - position) : 0);

/**
 * How many seconds are buffered from a position on.
 * @param {Pick<TimeRanges, "length" | "start" | "end">} buffered
 * @param {number} position
 */
export function bufferedFrom(buffered, position) {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= position && position < buffered.end(index)) {
      return buffered.end(index) - position;
    }
  }
  return 0;
}
