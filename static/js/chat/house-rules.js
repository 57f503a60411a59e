/** The club's house rules, shown once before the first message: a card instead of the input, with one button. */

import { apiError, get, post } from "../lib/api.js";
import { find, make, say } from "../lib/dom.js";

export class HouseRules {
  /** @param {HTMLElement} root the chat */
  constructor(root) {
    this.address = `/api/clubs/${root.dataset.clubId}/house-rules`;
    this.card = find(root, "[data-house-rules]");
    this.form = find(root, "form.chat-say");
    this.input = find(root, "#chat-say");
    this.fault = find(this.card, "[data-house-rules-fault]");
    find(this.card, "[data-accept-rules]").addEventListener("click", () => this.#accept());
    this.unread = "ask" in this.card.dataset;
    this.#settle();
  }

  /** The server refused a message: the rules are unread, or have changed since the page was loaded. */
  async ask() {
    try {
      /** @type {{ house_rules: Api.HouseRules }} */
      const { house_rules: rules } = await get(this.address);
      this.card.dataset.version = String(rules.version);
      const lines = rules.text.split("\n").filter(Boolean);
      find(this.card, "[data-house-rules-words]").replaceChildren(...lines.map((line) => make("p", {}, line)));
      this.unread = !rules.read;
    } catch (error) {
      apiError(error);
      this.unread = true; // with the words that the page came with
    }
    this.#settle();
    find(this.card, "h3").focus();
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
      say(this.fault, apiError(error).message);
    }
  }

  #settle() {
    this.card.hidden = !this.unread;
    this.form.toggleAttribute("data-wait", this.unread);
  }
}
