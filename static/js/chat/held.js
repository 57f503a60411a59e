/** What waits to be let in: the list of those who moderate, and a member's own waiting messages after a reload. */

import { get, post } from "../lib/api.js";
import { make, plural, say } from "../lib/dom.js";
import { moderates } from "../lib/roles.js";
import { shortTime } from "../lib/time.js";

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

export class Held {
  /** `root`: the chat. `own(frame)`: shows one's own message that waits. */
  constructor(root, own) {
    this.panel = root.querySelector("[data-held]");
    this.list = root.querySelector("[data-held-list]");
    this.status = root.querySelector("[data-held-status]");
    this.fault = root.querySelector("[data-held-fault]");
    this.own = own;
    this.rows = new Map();
    this.count = 0;
  }

  welcome({ room_id: roomId, you }) {
    this.address = `/api/chat/rooms/${roomId}/held`;
    this.moderates = moderates(you.role);
    if (this.moderates) {
      this.#show([]); // a frame follows when something waits
    } else {
      this.#fetch().then((held) => held.filter(({ review }) => review === "waiting").forEach((row) => this.#mine(row)));
    }
  }

  /** Takes a frame; true when it was ours. Several at once are one look more. */
  take(frame) {
    if (frame.type !== "held_waiting") {
      return false;
    }
    this.again = true;
    this.looking ??= this.#look().finally(() => (this.looking = null));
    return true;
  }

  async #look() {
    while (this.again) {
      this.again = false;
      this.#show(await this.#fetch());
    }
  }

  /** A list that cannot be had now stays as it is: the next change asks again. */
  async #fetch() {
    try {
      return (await get(this.address)).held;
    } catch {
      return [];
    }
  }

  #mine({ id, message, held_at: at, client_id: clientId, due_at: due }) {
    const when = (moment) => moment && new Date(moment).getTime();
    this.own({ type: "message_held", id, message, timestamp: when(at), client_id: clientId, due_at: when(due) });
  }

  #show(held) {
    const ids = new Set(held.map(({ id }) => id));
    this.rows.forEach((row, id) => {
      if (!ids.has(id)) {
        row.remove();
        this.rows.delete(id);
      }
    });
    held.filter(({ id }) => !this.rows.has(id)).forEach((row) => this.#add(row));
    const words = `${plural(held.length, "message waits", "messages wait")} for you`;
    say(this.panel.querySelector("[data-held-count]"), words);
    if (held.length > this.count) {
      say(this.status, words);
    }
    this.count = held.length;
    this.panel.hidden = held.length === 0;
  }

  #add({ id, username, message, held_at: at, reasons, due_at: due }) {
    const why = due ? `Appears by itself at ${shortTime(new Date(due).getTime())}` : this.#reasons(reasons);
    const row = make(
      "li",
      { class: "held-row" },
      make("p", { class: "by" }, make("b", { dir: "auto" }, username), ` ${shortTime(new Date(at).getTime())}`),
      make("p", { class: "text", dir: "auto" }, message),
      make("p", { class: "small muted" }, why),
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

  #reasons(reasons) {
    return reasons.map((reason) => WHY[reason] ?? reason).join(", ");
  }

  #button(words, username, act) {
    const button = make("button", { type: "button", class: "button small" }, words);
    button.append(make("span", { class: "visually-hidden" }, `: the message of ${username}`));
    button.addEventListener("click", act);
    return button;
  }

  async #decide(id, what) {
    this.fault.hidden = true;
    try {
      await post(`/api/chat/held/${id}/${what}`);
    } catch (error) {
      this.fault.hidden = false;
      say(this.fault, error.message);
    }
    this.take({ type: "held_waiting" });
  }
}
