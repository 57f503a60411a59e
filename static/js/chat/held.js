/** Held messages: the list for moderators, and a member's own ones after a reload. */

import { apiError, get, post } from "../lib/api.js";
import { find, make, plural, say } from "../lib/dom.js";
import { moderates } from "../lib/roles.js";
import { shortTime } from "../lib/time.js";

/** @type {Record<string, string>} */
const WHY = {
  insult: "Swearing",
  slur: "A slur",
  sexual: "Sexual words",
  words: "The club's own words",
  links: "A link",
  repeats: "Said again",
  shouting: "Capitals",
  emoji: "Many emoji",
  mentions: "Many names",
};

/** @param {string} moment */
const at = (moment) => new Date(moment).getTime();

export class Held {
  address = "";
  moderates = false;
  /** @type {Map<number, HTMLElement>} by the id of what waits */
  rows = new Map();
  count = 0;
  /** Something changed since the last look began. */
  again = false;
  /** @type {Promise<void> | null} */
  looking = null;

  /**
   * @param {HTMLElement} root the chat
   * @param {(frame: Room.Held) => void} own shows one's own message that waits
   */
  constructor(root, own) {
    this.panel = find(root, "[data-held]");
    this.list = find(root, "[data-held-list]");
    this.status = find(root, "[data-held-status]");
    this.fault = find(root, "[data-held-fault]");
    this.own = own;
  }

  /** @param {Room.Welcome} frame */
  welcome({ room_id: roomId, you }) {
    this.address = `/api/chat/rooms/${roomId}/held`;
    this.moderates = moderates(you.role);
    if (this.moderates) {
      this.#show([]); // a frame follows when something waits
    } else {
      this.#showOwn();
    }
  }

  /**
   * Takes a frame; true when it was ours. Several frames at once cost one more request.
   * @param {Room.Frame} frame
   */
  take(frame) {
    if (frame.type !== "held_waiting") {
      return false;
    }
    this.again = true;
    this.looking ??= this.#look().finally(() => {
      this.looking = null;
    });
    return true;
  }

  async #look() {
    while (this.again) {
      this.again = false;
      this.#show(await this.#fetch());
    }
  }

  /** Without an answer the list counts as empty; the next change asks again. */
  async #fetch() {
    try {
      /** @type {{ held: Api.HeldMessage[] }} */
      const { held } = await get(this.address);
      return held;
    } catch (error) {
      apiError(error);
      return [];
    }
  }

  async #showOwn() {
    const held = await this.#fetch();
    for (const { id, message, held_at: since, client_id: clientId, due_at: due, review } of held) {
      if (review === "waiting") {
        this.own({
          type: "message_held",
          id,
          message,
          timestamp: at(since),
          client_id: clientId,
          due_at: due ? at(due) : null,
        });
      }
    }
  }

  /** @param {Api.HeldMessage[]} held */
  #show(held) {
    const ids = new Set(held.map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (!ids.has(id)) {
        row.remove();
        this.rows.delete(id);
      }
    }
    for (const message of held.filter(({ id }) => !this.rows.has(id))) {
      this.#add(message);
    }
    const words = `${plural(held.length, "message waits", "messages wait")} for you`;
    say(find(this.panel, "[data-held-count]"), words);
    if (held.length > this.count) {
      say(this.status, words);
    }
    this.count = held.length;
    this.panel.hidden = held.length === 0;
  }

  /** @param {Api.HeldMessage} held */
  #add({ id, username, message, held_at: since, reasons, due_at: due }) {
    const why = reasons.map((reason) => WHY[reason] ?? reason).join(", ");
    const row = make(
      "li",
      { class: "held-row" },
      make("p", { class: "by" }, make("b", { dir: "auto" }, username), ` ${shortTime(at(since))}`),
      make("p", { class: "text", dir: "auto" }, message),
      make("p", { class: "small muted" }, due ? `Appears by itself at ${shortTime(at(due))}` : why),
      make(
        "div",
        { class: "row" },
        this.#button("Let in", username, () => this.#decide(id, "release")),
        this.#button("Turn away", username, () => this.#decide(id, "reject")),
      ),
    );
    this.rows.set(id, row);
    this.list.append(row);
  }

  /**
   * @param {string} words
   * @param {string} username
   * @param {() => void} act
   */
  #button(words, username, act) {
    const button = make("button", { type: "button", class: "button small" }, words);
    button.append(make("span", { class: "visually-hidden" }, `: the message of ${username}`));
    button.addEventListener("click", act);
    return button;
  }

  /**
   * @param {number} id
   * @param {"release" | "reject"} what
   */
  async #decide(id, what) {
    this.fault.hidden = true;
    try {
      await post(`/api/chat/held/${id}/${what}`);
    } catch (error) {
      this.fault.hidden = false;
      say(this.fault, apiError(error).message);
    }
    this.take({ type: "held_waiting" });
  }
}
