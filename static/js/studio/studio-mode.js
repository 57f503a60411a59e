/** How members watch, Broadcast or Interactive: two buttons, of which one is chosen. */

import { post } from "../lib/api.js";
import { say } from "../lib/dom.js";

const WORDS = {
  broadcast: "Everybody sees you about a second late.",
  interactive: "Members see you half a second late where their line carries it; the others about a second late.",
};

export class StudioMode {
  constructor(root, address) {
    this.form = root.querySelector("[data-mode-form]");
    this.words = this.form.querySelector("[data-mode-words]");
    this.address = address;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#choose(event.submitter.value);
    });
  }

  /** What the class is told, on this page and on every other one that is open. */
  show(stream) {
    this.form.hidden = stream.state === "ended";
    if (stream.mode === this.mode) {
      return;
    }
    this.mode = stream.mode;
    this.form.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === stream.mode));
    });
    say(this.words, WORDS[stream.mode] ?? "");
  }

  async #choose(mode) {
    try {
      const { streaming_session: session } = await post(this.address, { mode });
      this.show(session);
    } catch (error) {
      say(this.words, error.message);
    }
  }
}
