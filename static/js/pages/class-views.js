/** Which part of the class page is shown, and whether the chat lies over the picture of a phone on its side. */

import { all, find, maybe } from "../lib/dom.js";

export class Views {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.parts = all(root, "[data-view]");
    foldChat(root);
  }

  /** @param {"lobby" | "room" | "thanks"} name */
  show(name) {
    for (const part of this.parts) {
      part.hidden = part.dataset.view !== name;
    }
    document.body.classList.toggle("room", name === "room");
    document.body.classList.toggle("room-on", name === "room");
    return find(this.root, `[data-view=${name}]`);
  }
}

/** @param {HTMLElement} root */
function foldChat(root) {
  // A class that was called off has neither.
  const chat = maybe(root, "[data-chat]");
  const handle = maybe(root, "[data-screen] [data-fold]");
  for (const button of all(root, "[data-fold]")) {
    button.addEventListener("click", () => {
      const away = chat?.toggleAttribute("data-away");
      handle?.setAttribute("aria-expanded", String(!away));
    });
  }
}
