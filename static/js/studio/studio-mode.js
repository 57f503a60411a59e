/** How members watch, Broadcast or Interactive: two buttons, of which one is chosen. */

import { apiError, post } from "../lib/api.js";
import { all, find, say } from "../lib/dom.js";

/** @type {Record<string, string>} */
const WORDS = {
  broadcast: "Everybody sees you about a second late.",
  interactive: "Members see you half a second late where their line carries it; the others about a second late.",
};

export class StudioMode {
  /** @type {string | undefined} what was shown last */
  mode;

  /**
   * @param {HTMLElement} root
   * @param {string} address of the API
   */
  constructor(root, address) {
    this.form = find(root, "[data-mode-form]", HTMLFormElement);
    this.words = find(this.form, "[data-mode-words]");
    this.address = address;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter instanceof HTMLButtonElement) {
        this.#choose(event.submitter.value);
      }
    });
  }

  /**
   * What the class is told, on this page and on every other one that is open.
   * @param {{ state: string, mode: string }} stream
   */
  show(stream) {
    this.form.hidden = stream.state === "ended";
    if (stream.mode === this.mode) {
      return;
    }
    this.mode = stream.mode;
    for (const button of all(this.form, "button", HTMLButtonElement)) {
      button.setAttribute("aria-pressed", String(button.value === stream.mode));
    }
    say(this.words, WORDS[stream.mode] ?? "");
  }

  /** @param {string} mode */
  async #choose(mode) {
    try {
      /** @type {{ streaming_session: { state: string, mode: string } }} */
      const { streaming_session: session } = await post(this.address, { mode });
      this.show(session);
    } catch (error) {
      say(this.words, apiError(error).message);
    }
  }
}
