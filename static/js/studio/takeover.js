/** Another device may go on with the same key: says so to the server, and to the instructor until when. */

import { apiError, post } from "../lib/api.js";
import { find, say } from "../lib/dom.js";
import { shortTime } from "../lib/time.js";

export class TakeOver {
  /**
   * @param {HTMLElement} root
   * @param {string} address of the API
   */
  constructor(root, address) {
    this.form = find(root, "[data-takeover]", HTMLFormElement);
    this.words = find(this.form, "[data-takeover-words]");
    this.address = address;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#allow();
    });
  }

  /**
   * Only where there is somebody to take over from.
   * @param {{ picture: boolean }} stream
   */
  show(stream) {
    this.form.hidden = !stream.picture;
  }

  async #allow() {
    try {
      /** @type {{ until: string }} */
      const { until } = await post(this.address);
      const time = shortTime(new Date(until).getTime());
      say(this.words, `Start the other device now, with the same key: it may take over until ${time}.`);
    } catch (error) {
      say(this.words, apiError(error).message);
    }
  }
}
