/** The poll: a button and a bar for each answer, the result when it is closed, and the dialog that starts one. */

import { all, find, make, maybe, plural, say } from "../lib/dom.js";

export class PollCard {
  /** @type {Room.PollState | null} */
  poll = null;
  /** @type {number | null} the result that was put away */
  away = null;
  /** @type {Map<number, number>} by poll: what one voted */
  choices = new Map();
  moderates = false;

  /**
   * @param {HTMLElement} root
   * @param {Room.Send} send
   */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.card = find(root, "[data-poll]");
    this.list = find(root, "[data-poll-options]");
    this.dialog = maybe(root, "[data-poll-dialog]", HTMLDialogElement);
    this.opener = maybe(root, "[data-new-poll]");
    this.closer = find(root, "[data-poll-close]");
    this.folder = find(root, "[data-poll-fold]");
    this.closer.addEventListener("click", () => this.poll && this.send({ type: "close_poll", id: this.poll.id }));
    this.folder.addEventListener("click", () => this.#putAway());
    this.opener?.addEventListener("click", () => this.#ask());
    this.dialog?.addEventListener("close", () => this.#answered());
  }

  /**
   * A poll that was closed before the reader came is not shown.
   * @param {Room.PollState | null} poll
   * @param {boolean} moderates
   */
  welcome(poll, moderates) {
    this.moderates = moderates;
    if (poll && !poll.open && this.poll?.id !== poll.id) {
      this.away = poll.id;
    }
    this.show(poll);
  }

  /** @param {Room.PollState | null} poll */
  show(poll) {
    const before = this.poll;
    this.poll = poll;
    this.card.hidden = !poll || this.away === poll.id;
    if (this.opener) {
      this.opener.hidden = !this.moderates || Boolean(poll?.open);
    }
    if (!poll) {
      return;
    }
    const another = poll.id !== before?.id;
    say(find(this.root, "[data-poll-question]"), poll.question);
    if (another) {
      this.list.replaceChildren(...poll.options.map(({ text }, option) => this.#row(poll.id, text, option)));
    }
    this.card.classList.toggle("closed", !poll.open);
    this.closer.hidden = !this.moderates || !poll.open;
    this.folder.hidden = poll.open;
    this.#bars(poll);
    this.#tell(poll, { opened: another && poll.open, closed: Boolean(before?.open) && !poll.open });
  }

  /**
   * Growing bars are not read aloud; a new poll and its result are.
   * @param {Room.PollState} poll
   * @param {{ opened: boolean, closed: boolean }} news
   */
  #tell({ question, options, voters }, { opened, closed }) {
    const said = maybe(this.root, "[data-poll-said]");
    if (opened) {
      say(said, `A poll: ${question}`);
    } else if (closed) {
      const [best] = [...options].sort((one, other) => other.votes - one.votes);
      say(said, `The poll is closed. Most votes: ${best.text}, ${best.votes} of ${voters}.`);
    }
  }

  /**
   * @param {number} id
   * @param {number} option
   */
  choose(id, option) {
    this.choices.set(id, option);
    if (this.poll?.id === id) {
      this.#bars(this.poll);
    }
  }

  /**
   * @param {number} id
   * @param {string} text
   * @param {number} option
   */
  #row(id, text, option) {
    const button = make(
      "button",
      { type: "button", class: "poll-option" },
      make("span", { class: "poll-bar", "aria-hidden": "true" }),
      make("span", { class: "poll-text", dir: "auto" }, text),
      make("span", { class: "poll-share" }),
    );
    button.addEventListener("click", () => this.send({ type: "vote", id, option }));
    return make("li", {}, button);
  }

  /**
   * Bars grow without moving the buttons, so that a tap hits what it aimed at.
   * @param {Room.PollState} poll
   */
  #bars({ options, voters, open, id }) {
    const most = Math.max(...options.map(({ votes }) => votes));
    const own = this.choices.get(id);
    all(this.list, ".poll-option", HTMLButtonElement).forEach((button, option) => {
      const { votes } = options[option];
      const share = voters ? Math.round((votes / voters) * 100) : 0;
      find(button, ".poll-bar").style.setProperty("--share", `${share}%`);
      say(find(button, ".poll-share"), `${share} %`);
      button.setAttribute("aria-pressed", String(own === option));
      button.disabled = !open;
      button.classList.toggle("leads", !open && votes > 0 && votes === most);
    });
    const votes = plural(voters, "vote", "votes");
    const hint = own === undefined ? "Tap an answer" : "You can change your vote";
    say(find(this.root, "[data-poll-foot]"), open ? `${hint} · ${votes}` : `Result · ${votes}`);
  }

  #putAway() {
    this.away = this.poll?.id ?? null;
    this.card.hidden = true;
  }

  #ask() {
    if (this.dialog) {
      find(this.dialog, "form", HTMLFormElement).reset();
      this.dialog.returnValue = "";
      this.dialog.showModal();
    }
  }

  #answered() {
    if (this.dialog?.returnValue === "yes") {
      const question = find(this.dialog, "[name=question]", HTMLInputElement).value.trim();
      const fields = all(this.dialog, "[name=option]", HTMLInputElement);
      const options = fields.map(({ value }) => value.trim()).filter(Boolean);
      this.send({ type: "open_poll", question, options });
    }
  }
}
