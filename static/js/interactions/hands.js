/** Raised hands: one's own button, how many are up, and for those who moderate whose. */

import { icon, make, plural, say } from "../lib/dom.js";

export class Hands {
  constructor(root, send) {
    this.send = send;
    this.button = root.querySelector("[data-hand]");
    this.count = root.querySelector("[data-hand-count]");
    this.box = root.querySelector("[data-hands]");
    this.list = root.querySelector("[data-hands-list]");
    this.words = root.querySelector("[data-hands-words]");
    this.button?.addEventListener("click", () => this.send({ type: this.up ? "lower_hand" : "raise_hand" }));
  }

  welcome(state, moderates) {
    this.moderates = moderates;
    this.show(state);
  }

  show({ hands, hand_up: up, people_with_hands: people }) {
    this.up = up;
    this.#own(up);
    const words = plural(hands, "hand up", "hands up");
    say(this.count, hands ? String(hands) : "");
    this.button?.setAttribute("title", hands ? words : "");
    this.box.hidden = hands === 0 || !this.moderates;
    say(this.words, words);
    this.list.replaceChildren(...people.map((person) => this.#row(person)));
    if (hands > people.length && people.length > 0) {
      this.list.append(make("li", {}, `and ${hands - people.length} more`));
    }
  }

  #own(up) {
    if (!this.button) {
      return;
    }
    this.button.setAttribute("aria-pressed", String(up));
    say(this.button.querySelector("[data-hand-words]"), up ? "Hand is up" : "Raise hand");
  }

  #row({ user_id: userId, username }) {
    const button = make("button", { type: "button", class: "icon-button", "aria-label": `Lower the hand of ${username}` });
    button.append(icon("check"));
    button.addEventListener("click", () => this.send({ type: "lower_hand", user_id: userId }));
    return make("li", {}, make("span", { dir: "auto" }, username), button);
  }
}
