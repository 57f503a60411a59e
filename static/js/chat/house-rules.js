/** The club's house rules, shown once before the first message: a card in place of the input, with one button. */

import { get, post } from "../lib/api.js";
import { make, say } from "../lib/dom.js";

export class HouseRules {
  /** `root`: the chat. */
  constructor(root) {
    this.address = `/api/clubs/${root.dataset.clubId}/house-rules`;
    this.card = root.querySelector("[data-house-rules]");
    this.form = root.querySelector("form.chat-say");
    this.input = root.querySelector("#chat-say");
    this.fault = this.card.querySelector("[data-house-rules-fault]");
    this.card.querySelector("[data-accept-rules]").addEventListener("click", () => this.#accept());
    this.unread = "ask" in this.card.dataset;
    this.#settle();
  }

  /** The server refused a message: they are unread, or have changed since this page came. */
  async ask() {
    try {
      const { house_rules: rules } = await get(this.address);
      this.card.dataset.version = rules.version;
      const words = rules.text.split("\n").filter(Boolean);
      this.card.querySelector("[data-house-rules-words]").replaceChildren(...words.map((line) => make("p", {}, line)));
      this.unread = !rules.read;
    } catch {
      this.unread = true; // with the words that the page came with
    }
    this.#settle();
    this.card.querySelector("h3").focus();
  }

  async #accept() {
    this.fault.hidden = true;
    try {
      await post(`${this.address}/accept`, { version: Number(this.card.dataset.version) });
      this.unread = false;
      this.#settle();
      this.input.focus();
    } catch (error) {
      this.fault.hidden = false;
      say(this.fault, error.message);
    }
  }

  #settle() {
    this.card.hidden = !this.unread;
    this.form.toggleAttribute("data-wait", this.unread);
  }
}
