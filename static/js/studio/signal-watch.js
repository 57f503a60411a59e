/** What only the API knows about a running class: the signal's figures, what to change, and what happened. */

import { get } from "../lib/api.js";
import { showHealth } from "./health.js";
import { showTimeline } from "./timeline.js";

const EVERY = 4000;
// The course of the signal grows by a point in ten seconds: every third look asks for it.
const COURSE_EVERY = 3;

export class SignalWatch {
  constructor(root, api) {
    this.root = root;
    this.api = api;
    this.looks = 0;
  }

  /** Now, and then every few seconds. */
  async look() {
    clearTimeout(this.timer);
    const course = this.looks++ % COURSE_EVERY === 0 ? "?step=10" : "";
    const [reply, past] = await Promise.all([this.#ask(`health${course}`), this.#ask("events")]);
    if (!this.over) {
      this.timer = setTimeout(() => this.look(), EVERY);
    }
    if (reply) {
      showHealth(this.root, reply.health);
    }
    if (past) {
      showTimeline(this.root, past.events);
    }
  }

  /** After one more look, for what happened last. */
  stop() {
    this.over = true;
    this.look();
  }

  #ask(what) {
    return get(`${this.api}/${what}`).catch(() => null);
  }
}
