/** Another device may go on with the same key: says so to the server, and to the instructor until when. */

import { post } from "../lib/api.js";
import { say } from "../lib/dom.js";
import { shortTime } from "../lib/time.js";

export class TakeOver {
  constructor(root, address) {
    this.form = root.querySelector("[data-takeover]");
    this.words = this.form.querySelector("[data-takeover-words]");
    this.address = address;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#allow();
    });
  }

  /** Only where there is somebody to take over from. */
  show(stream) {
    this.form.hidden = !stream.picture;
  }

  async #allow() {
    try {
      const { until } = await post(this.address);
      const time = shortTime(new Date(until).getTime());
      say(this.words, `Start the other device now, with the same key: it may take over until ${time}.`);
    } catch (error) {
      say(this.words, error.message);
    }
  }
}
