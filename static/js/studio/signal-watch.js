/** What only the API knows about a running class: the signal's figures, what to change, and what happened. */

import { apiError, get } from "../lib/api.js";
import { find, make } from "../lib/dom.js";
import { shortTime } from "../lib/time.js";
import { showHealth } from "./health.js";

const EVERY = 4000;
// The course of the signal grows by a point in ten seconds: every third look asks for it.
const COURSE_EVERY = 3;

export class SignalWatch {
  looks = 0;
  over = false;

  /**
   * @param {HTMLElement} root
   * @param {string} api the API's path of the stream
   */
  constructor(root, api) {
    this.root = root;
    this.api = api;
  }

  /** Now, and then every few seconds. */
  async look() {
    clearTimeout(this.timer);
    const course = this.looks % COURSE_EVERY === 0 ? "?step=10" : "";
    this.looks += 1;
    /** @type {[{ health: Api.Health } | null, { events: Api.StreamEvent[] } | null]} */
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

  /**
   * Null when it cannot be had now: the next look asks again.
   * @template T
   * @param {string} what
   * @returns {Promise<T | null>}
   */
  async #ask(what) {
    try {
      return await get(`${this.api}/${what}`);
    } catch (error) {
      apiError(error);
      return null;
    }
  }
}

/**
 * The newest first; drawn again only when there is more.
 * @param {HTMLElement} root
 * @param {Api.StreamEvent[]} events
 */
function showTimeline(root, events) {
  const list = find(root, "[data-timeline]");
  const newest = events[0] && `${events[0].at} ${events.length}`;
  if (!newest || list.dataset.newest === newest) {
    return;
  }
  list.dataset.newest = newest;
  list.replaceChildren(...events.map(row));
}

/** @param {Api.StreamEvent} event */
function row({ at, words }) {
  return make("li", {}, make("time", { datetime: at }, shortTime(new Date(at).getTime())), ` ${words}`);
}
