/** Where somebody reads: at the end, which follows, or further up, which stays still whatever comes or goes around it. */

const NEAR_THE_END = 60;
const NEAR_THE_TOP = 300;

/** Dispatches "end" and "top" when the reader gets there. */
export class ScrollAnchor extends EventTarget {
  constructor(scroller) {
    super();
    this.scroller = scroller;
    this.follows = true;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // A keyboard that opens, a note that appears: whoever follows goes on following.
    new ResizeObserver(() => this.follows && this.toEnd()).observe(scroller);
  }

  /** Runs `change`, which adds and removes rows, in one layout; the reader's row stays where it is on the screen. */
  keep(change) {
    if (this.follows) {
      change();
      this.toEnd();
      return;
    }
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected) {
      this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    }
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#arrive(true);
  }

  /** The first row of which something is seen. */
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
    this.#arrive(scrollHeight - scrollTop - clientHeight < NEAR_THE_END);
    if (scrollTop < NEAR_THE_TOP && !this.follows) {
      this.dispatchEvent(new Event("top"));
    }
  }

  #arrive(follows) {
    const arrived = follows && !this.follows;
    this.follows = follows;
    if (arrived) {
      this.dispatchEvent(new Event("end"));
    }
  }
}
