/** Which part of the camera page is there: one at a time, its heading read out when it comes. */

import "../lib/arrived.js";
import { say } from "../lib/dom.js";

export class Views {
  constructor(root) {
    this.root = root;
    this.parts = [...root.querySelectorAll("[data-view]")];
    this.now = this.parts.find(({ hidden }) => !hidden).dataset.view;
  }

  part(name) {
    return this.parts.find(({ dataset }) => dataset.view === name);
  }

  /** `words` replace the lead of a section of help. */
  show(name, words = "") {
    const part = this.part(name);
    if (words) {
      say(part.querySelector("[data-help-words]"), words);
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
    part.querySelector("h1").focus({ preventScroll: true });
  }

  /** What went wrong with the last button. */
  fault(words) {
    for (const note of this.root.querySelectorAll("[data-fault]")) {
      note.hidden = !words;
      say(note, words);
    }
  }
}
