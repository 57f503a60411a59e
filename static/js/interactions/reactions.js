/** Reactions: the buttons, the pictures that float over the class, and a quiet count for those who want no motion. */

import { all, find, icon, maybe, say } from "../lib/dom.js";

const POOL = 12;
const SPREAD = 900; // what was shown in a second floats up within one
const FLOATS_FOR = 2600; // as long as the animation in reactions.css
const COUNT_FOR = 3000;
const CHEER_FOR = 4000;
// Below what the server allows, so that nobody at their screen is refused.
const AT_ONCE = 8;
const REFILL_EVERY = 300;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {string} reaction */
export const glyph = (reaction) => icon(reaction, document.documentElement.dataset.reactions, "glyph");

export class Reactions {
  /** @type {number | undefined} the reader, who gets no high five of their own */
  me;
  /** @type {Map<string, number>} shown here already, and not yet counted by the room */
  own = new Map();
  /** @type {Map<string, { count: number, timer?: number }>} what the buttons say just now */
  counted = new Map();
  floating = 0;
  left = AT_ONCE;

  /**
   * @param {HTMLElement} root
   * @param {Room.Send} send
   * @param {() => number | null} mediaTime the moment of the class on the screen
   */
  constructor(root, send, mediaTime) {
    this.root = root;
    this.send = send;
    this.mediaTime = mediaTime;
    this.layer = find(root, "[data-floats]");
    this.line = maybe(root, "[data-cheers]");
    for (const button of all(root, "[data-react]")) {
      button.addEventListener("click", () => this.#tap(button.dataset.react ?? ""));
    }
    setInterval(() => {
      this.left = Math.min(AT_ONCE, this.left + 1);
    }, REFILL_EVERY);
  }

  /**
   * Shows everybody's reactions of the last second; the reader's own were shown when they were tapped.
   * @param {Room.Reactions} frame
   */
  show({ counts, cheers, more }) {
    for (const [reaction, count] of Object.entries(counts)) {
      const mine = Math.min(count, this.own.get(reaction) ?? 0);
      this.own.set(reaction, (this.own.get(reaction) ?? 0) - mine);
      this.#rise(reaction, count - mine);
    }
    if (cheers.length > 0) {
      this.#cheers(cheers, more);
    }
  }

  /** @param {string} reaction */
  #tap(reaction) {
    if (this.left < 1 || !this.send({ type: "react", reaction, media_time: this.mediaTime() })) {
      return;
    }
    this.left -= 1;
    this.own.set(reaction, (this.own.get(reaction) ?? 0) + 1);
    this.#rise(reaction, 1);
  }

  /**
   * @param {string} reaction
   * @param {number} count
   */
  #rise(reaction, count) {
    if (still.matches) {
      this.#count(reaction, count);
      return;
    }
    const shown = Math.min(count, POOL - this.floating);
    for (let number = 0; number < shown; number += 1) {
      this.floating += 1;
      setTimeout(() => this.#float(reaction), count === 1 ? 0 : (number * SPREAD) / shown);
    }
  }

  /** @param {string} reaction */
  #float(reaction) {
    const picture = glyph(reaction);
    picture.classList.add("float", `reaction-${reaction}`);
    picture.style.setProperty("--at", `${8 + Math.random() * 34}%`);
    picture.style.setProperty("--sway", `${Math.round(Math.random() * 40 - 20)}px`);
    this.layer.append(picture);
    // Not on animationend: an element that is not displayed has no animation.
    setTimeout(() => {
      picture.remove();
      this.floating -= 1;
    }, FLOATS_FOR);
  }

  /**
   * Without motion: a count on the button, for a moment.
   * @param {string} reaction
   * @param {number} count
   */
  #count(reaction, count) {
    const label = maybe(this.root, `[data-shown="${CSS.escape(reaction)}"]`);
    if (!label || count < 1) {
      return;
    }
    const before = this.counted.get(reaction);
    clearTimeout(before?.timer);
    const timer = setTimeout(() => {
      this.counted.delete(reaction);
      say(label, "");
    }, COUNT_FOR);
    const sum = (before?.count ?? 0) + count;
    this.counted.set(reaction, { count: sum, timer });
    say(label, `+${sum}`);
  }

  /**
   * Shown but not read aloud; the person who is cheered has a line of their own.
   * @param {Room.Cheer[]} cheers
   * @param {number} more
   */
  #cheers(cheers, more) {
    const { line } = this;
    if (!line) {
      return;
    }
    const words = cheers.slice(0, 2).map(({ username, to_username: to }) => `${username} cheers ${to}`);
    const rest = more + cheers.length - words.length;
    line.hidden = false;
    say(line, words.join(" · ") + (rest > 0 ? ` and ${rest} more` : ""));
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      line.hidden = true;
    }, CHEER_FOR);
  }
}
