/** Where the reader is: at the end, which follows new messages, or further up, where nothing may move. */

import { Emitter } from "../lib/emitter.js";

const CLOSE_TO_END = 60;
const CLOSE_TO_TOP = 300;

/**
 * Events: "end" and "top" when the reader gets there.
 * @extends {Emitter<{ end: undefined, top: undefined }>}
 */
export class ScrollAnchor extends Emitter {
  follows = true;

  /** @param {HTMLElement} scroller */
  constructor(scroller) {
    super();
    this.scroller = scroller;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // When a keyboard opens or a note appears, a reader at the end stays at the end.
    new ResizeObserver(() => this.follows && this.toEnd()).observe(scroller);
  }

  /**
   * Runs `change`, which adds and removes rows, in one layout; the reader's row stays where it is on the screen.
   * @param {() => void} change
   */
  keep(change) {
    if (this.follows) {
      change();
      this.toEnd();
      return;
    }
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected) {
      this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    }
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#arrive(true);
  }

  /**
   * The first row that is at least partly visible.
   * @returns {Element | undefined}
   */
  #anchor() {
    const { top } = this.scroller.getBoundingClientRect();
    const rows = this.scroller.querySelectorAll("li[data-seq]");
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > top) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return rows[low];
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#arrive(scrollHeight - scrollTop - clientHeight < CLOSE_TO_END);
    if (scrollTop < CLOSE_TO_TOP && !this.follows) {
      this.tell("top");
    }
  }

  /** @param {boolean} follows */
  #arrive(follows) {
    const arrived = follows && !this.follows;
    this.follows = follows;
    if (arrived) {
      this.tell("end");
    }
  }
}
