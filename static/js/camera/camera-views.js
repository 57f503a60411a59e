/** Which part of the camera page is there: one at a time, its heading read out when it comes. */

import "../lib/arrived.js";
import { all, find, say } from "../lib/dom.js";

export class Views {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.parts = all(root, "[data-view]");
    this.now = this.parts.find(({ hidden }) => !hidden)?.dataset.view;
  }

  /** @param {string} name */
  part(name) {
    return find(this.root, `[data-view="${name}"]`);
  }

  /**
   * @param {string} name
   * @param {string} words replace the lead of a section of help
   */
  show(name, words = "") {
    const part = this.part(name);
    if (words) {
      say(find(part, "[data-help-words]"), words);
    }
    this.fault("");
    if (name === this.now) {
      return;
    }
    this.now = name;
    for (const one of this.parts) {
      one.hidden = one !== part;
    }
    // Bright before the class, dark during it.
    document.body.classList.toggle("room", name === "console");
    document.body.classList.toggle("camera-on", name === "console");
    globalThis.scrollTo(0, 0);
    find(part, "h1").focus({ preventScroll: true });
  }

  /**
   * What went wrong with the last button.
   * @param {string} words
   */
  fault(words) {
    for (const note of all(this.root, "[data-fault]")) {
      note.hidden = !words;
      say(note, words);
    }
  }
}
