/** Messages that came while the reader was further up or had paused: how many, where they begin, what is read aloud. */

import { find, make, plural, say } from "../lib/dom.js";

// More than this at once are announced as a number: nobody listens to two hundred messages.
const READ_OUT = 5;
const SETTLED = 1000;

export class Unread {
  count = 0;
  paused = false;

  /**
   * @param {HTMLElement} root the chat
   * @param {() => void} show called when the reader wants what is new
   */
  constructor(root, show) {
    this.scroller = find(root, "[data-scroll]");
    this.marker = find(root, "[data-unread]");
    this.spoken = find(root, "[data-spoken]");
    this.pauser = find(root, "[data-pause]");
    this.line = make("li", { class: "chat-new" }, "New");
    this.marker.addEventListener("click", () => {
      show();
      this.scroller.focus({ preventScroll: true }); // the button that had the focus is gone
    });
    this.pauser.addEventListener("click", () => (this.paused ? show() : this.pause(true)));
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.pauser.setAttribute("aria-pressed", String(paused));
    this.#live();
    this.#mark();
  }

  /** @param {number} count */
  add(count) {
    this.count += count;
    this.#mark();
  }

  /** The reader has seen everything; the "New" line stays until more comes. */
  read() {
    this.count = 0;
    this.#mark();
  }

  /**
   * Puts the "New" line before the first message that the reader has not seen.
   * @param {DocumentFragment} rows
   * @param {{ resumed?: boolean, quiet?: boolean }} how
   */
  begin(rows, { resumed = false, quiet = false }) {
    if (rows.firstElementChild && (resumed || (!quiet && this.count === 0))) {
      rows.prepend(this.line);
    } else if (quiet) {
      this.line.remove();
    }
  }

  clear() {
    this.line.remove();
    this.read();
  }

  /**
   * Runs `change`, which adds `count` rows. The log reads a few rows aloud, many become a number, `quiet` ones are silent.
   * @param {number} count
   * @param {() => void} change
   */
  tell(count, change, { quiet = false } = {}) {
    if (!quiet && count <= READ_OUT) {
      change();
      return;
    }
    this.#live(false);
    change();
    if (!quiet && !this.paused) {
      this.spoken.textContent = ""; // so that the same number is announced again
      say(this.spoken, plural(count, "new message", "new messages"));
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#live(), SETTLED);
  }

  #live(wanted = !this.paused) {
    this.scroller.setAttribute("aria-live", wanted ? "polite" : "off");
  }

  #mark() {
    const words = this.count ? plural(this.count, "new message", "new messages") : "";
    this.marker.hidden = !words && !this.paused;
    say(this.marker, this.paused ? `Paused. ${words || "Go on"}` : words);
  }
}
