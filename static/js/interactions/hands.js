/** Raised hands: one's own button, how many are up, and for those who moderate whose. */

import { find, icon, make, maybe, plural, say } from "../lib/dom.js";

export class Hands {
  /** Whether one's own hand is up. */
  up = false;
  moderates = false;

  /**
   * @param {HTMLElement} root
   * @param {Room.Send} send
   */
  constructor(root, send) {
    this.send = send;
    this.button = maybe(root, "[data-hand]");
    this.count = maybe(root, "[data-hand-count]");
    this.box = find(root, "[data-hands]");
    this.list = find(root, "[data-hands-list]");
    this.words = find(root, "[data-hands-words]");
    this.button?.addEventListener("click", () => this.send({ type: this.up ? "lower_hand" : "raise_hand" }));
  }

  /**
   * @param {Room.HandState} state
   * @param {boolean} moderates
   */
  welcome(state, moderates) {
    this.moderates = moderates;
    this.show(state);
  }

  /** @param {Room.HandState} state */
  show({ hands, hand_up: up, people_with_hands: people }) {
    this.up = up;
    const words = plural(hands, "hand up", "hands up");
    if (this.button) {
      this.button.setAttribute("aria-pressed", String(up));
      this.button.setAttribute("title", hands ? words : "");
      say(find(this.button, "[data-hand-words]"), up ? "Hand is up" : "Raise hand");
    }
    say(this.count, hands ? String(hands) : "");
    this.box.hidden = hands === 0 || !this.moderates;
    say(this.words, words);
    this.list.replaceChildren(...people.map((person) => this.#row(person)));
    if (hands > people.length && people.length > 0) {
      this.list.append(make("li", {}, `and ${hands - people.length} more`));
    }
  }

  /** @param {{ user_id: number, username: string }} person */
  #row({ user_id: userId, username }) {
    const button = make("button", {
      type: "button",
      class: "icon-button",
      "aria-label": `Lower the hand of ${username}`,
    });
    button.append(icon("check"));
    button.addEventListener("click", () => this.send({ type: "lower_hand", user_id: userId }));
    return make("li", {}, make("span", { dir: "auto" }, username), button);
  }
}
