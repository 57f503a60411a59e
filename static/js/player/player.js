/** The picture: plays a source, stays at the live edge unless the viewer went back, covers it with words when there is none. */

import "../lib/csp-styles.js";
import { Autoplay } from "./autoplay.js";
import { find } from "../lib/dom.js";
import { Emitter } from "../lib/emitter.js";
import { openSource } from "./hls-source.js";
import { LiveEdge } from "./live-edge.js";
import { prepare } from "./renditions.js";
import { Rewind } from "./rewind.js";
import { Slate } from "./slate.js";
import { keepAwake } from "../lib/wake-lock.js";

const WATCH_EVERY = 2000;
const STUCK_SEEK = 6000;
const STUCK_REBUILD = 14000;
const FAR_BEHIND = 10;
const NUDGE = 0.5;

const UNSUPPORTED = {
  title: "This browser cannot play the class",
  words: "Open this page in a current Chrome, Edge, Firefox or Safari.",
};

/**
 * Events: "refused", when the picture's address does not count any more; "again", when the viewer pressed the slate's button.
 * @extends {Emitter<{ refused: undefined, again: undefined }>}
 */
export class Player extends Emitter {
  /** @type {PictureSource | null} */
  source = null;
  address = "";
  /** Whether there has been a moving picture since the last start. */
  moving = false;
  lastMove = 0;
  /** @type {number | undefined} where the picture was at the last look */
  lastTime;
  /** @type {{ until: string | null, skewMs: number } | null} while the signal is gone */
  interrupted = null;

  /** @param {HTMLElement} screen holds a <video>, the parts of a Slate and of a Rewind, and a button marked data-sound */
  constructor(screen) {
    super();
    this.screen = screen;
    this.video = find(screen, "video", HTMLVideoElement);
    this.cover = new Slate(screen, () => this.tell("again"));
    this.live = new LiveEdge(screen, this.video);
    this.live.on("change", () => this.#coverInterruption());
    this.rewind = new Rewind(screen, this.video, this.live);
    prepare(this.video);
    keepAwake(this.video);
    import("./controls.js").catch(() => {
      this.video.controls = true;
    });
    this.autoplay = new Autoplay(this.video, find(screen, "[data-sound]"), () => this.#uncover());
    this.video.addEventListener("playing", () => this.#moving());
  }

  get running() {
    return Boolean(this.source);
  }

  /**
   * Loads and plays; a second call replaces the first.
   * @param {string} address
   */
  async start(address) {
    this.stop();
    this.address = address;
    this.slate({ title: "The picture is coming", words: "It takes a few seconds." });
    await this.#open(
      openSource(this.video, {
        refused: () => this.#refused(),
        waiting: () => this.slate({ title: "Looking for the picture", words: "We try again by ourselves." }),
        unsupported: () => this.slate(UNSUPPORTED),
        lost: () => this.slate({ title: "The player got lost on its way", words: "Load this page again." }),
      }),
    );
  }

  /**
   * Another source takes the picture over, at its first frame: see webrtc-upgrade.js.
   * @param {PictureSource} source
   */
  take(source) {
    this.stop();
    return this.#open(source);
  }

  /** Returns to the HLS address when another source has ended. */
  again() {
    if (this.address) {
      this.start(this.address);
    }
  }

  /** @param {PictureSource} source */
  async #open(source) {
    this.source = source;
    this.live.follow(source);
    this.lastMove = Date.now();
    this.watcher = setInterval(() => this.#watch(), WATCH_EVERY);
    await source.load(this.address);
    this.#coverInterruption();
    await this.autoplay.play();
  }

  /**
   * There is a picture: start with it, or go on after an interruption.
   * @param {string} address
   */
  show(address) {
    this.address = address;
    if (this.interrupted) {
      this.recover();
    }
    if (!this.running) {
      this.start(address);
    }
  }

  stop() {
    clearInterval(this.watcher);
    this.live.stop();
    this.source?.stop();
    this.source = null;
  }

  /**
   * The signal is gone for now. Whoever is in the past goes on watching it, and is told when it is used up.
   * @param {string | null} until
   * @param {number} skewMs
   */
  interrupt(until, skewMs) {
    this.interrupted = { until, skewMs };
    this.#coverInterruption();
  }

  /** Covers the blurred last frame with how long the class is held; not for a viewer who went back. */
  #coverInterruption() {
    if (!this.interrupted) {
      return;
    }
    // By WebRTC the instructor is back before everybody else's picture is, or the source ends and HLS is what is covered.
    if (this.live.rewound || this.source?.realtime) {
      delete this.screen.dataset.state;
      this.cover.clear();
      return;
    }
    this.screen.dataset.state = "interrupted";
    this.slate({
      title: "Back in a moment",
      words: "The instructor's signal stopped. Stay here: the picture returns by itself.",
      ...this.interrupted,
    });
  }

  /** The signal is back: go to the live edge, or load again when the picture does not move. */
  recover() {
    this.interrupted = null;
    delete this.screen.dataset.state;
    this.lastMove = Date.now();
    if (this.running && !this.live.rewound) {
      this.live.toEdge();
    }
    if (this.moving && (this.live.rewound || !this.video.paused)) {
      this.cover.clear();
    } else {
      this.slate({ title: "Here it comes", words: "The signal is back." });
    }
  }

  /**
   * Covers the picture with words.
   * @param {import("./slate.js").Words} words
   */
  slate(words) {
    this.cover.show(words);
  }

  #uncover() {
    this.moving = true;
    this.cover.clear();
  }

  #moving() {
    this.moving = true;
    this.lastMove = Date.now();
    if (!this.interrupted || this.source?.realtime) {
      this.cover.clear();
    }
  }

  #refused() {
    this.stop();
    this.slate({ title: "The picture is closed to you", words: "We ask for your seat again." });
    this.tell("refused");
  }

  /** hls.js stays behind after a dry buffer, and may stand still behind a gap: seek, then load again. */
  #watch() {
    const { currentTime, paused } = this.video;
    if (currentTime !== this.lastTime || (paused && this.moving)) {
      this.lastTime = currentTime;
      this.lastMove = Date.now();
      if (!paused && !this.live.rewound && (this.source?.latency ?? 0) > FAR_BEHIND) {
        this.live.toEdge();
      }
      return;
    }
    const still = Date.now() - this.lastMove;
    if (this.interrupted || still < STUCK_SEEK) {
      return;
    }
    if (still < STUCK_REBUILD) {
      if (this.live.rewound) {
        this.video.currentTime += NUDGE;
      } else {
        this.live.toEdge();
      }
      return;
    }
    this.moving = false;
    this.start(this.address);
  }
}
