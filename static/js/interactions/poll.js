/** The poll: a button and a bar for each answer, the result when it is closed, and the dialog that starts one. */

import { make, plural, say } from "../lib/dom.js";

export class PollCard {
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.card = root.querySelector("[data-poll]");
    this.list = root.querySelector("[data-poll-options]");
    this.dialog = root.querySelector("[data-poll-dialog]");
    this.choices = new Map(); // by poll: what one voted
    this.opener = root.querySelector("[data-new-poll]");
    this.closer = root.querySelector("[data-poll-close]");
    this.folder = root.querySelector("[data-poll-fold]");
    this.closer.addEventListener("click", () => this.send({ type: "close_poll", id: this.poll.id }));
    this.folder.addEventListener("click", () => this.#putAway());
    this.opener?.addEventListener("click", () => this.#ask());
    this.dialog?.addEventListener("close", () => this.dialog.returnValue === "yes" && this.#start());
  }

  /** A result from before one came is not news. */
  welcome(poll, moderates) {
    this.moderates = moderates;
    if (poll && !poll.open && this.poll?.id !== poll.id) {
      this.away = poll.id;
    }
    this.show(poll);
  }

  show(poll) {
    const another = poll?.id !== this.poll?.id;
    const closed = this.poll?.open && poll?.open === false;
    this.poll = poll;
    this.card.hidden = !poll || this.away === poll.id;
    if (this.opener) {
      this.opener.hidden = !this.moderates || Boolean(poll?.open);
    }
    if (!poll) {
      return;
    }
    say(this.root.querySelector("[data-poll-question]"), poll.question);
    if (another) {
      this.list.replaceChildren(...poll.options.map(({ text }, option) => this.#row(text, option)));
    }
    this.card.classList.toggle("closed", !poll.open);
    this.closer.hidden = !this.moderates || !poll.open;
    this.folder.hidden = poll.open;
    this.#bars();
    this.#tell(another && poll.open, closed);
  }

  /** Bars that grow are not read aloud; that there is a poll, and what came of it, is. */
  #tell(opened, closed) {
    const said = this.root.querySelector("[data-poll-said]");
    if (opened) {
      say(said, `A poll: ${this.poll.question}`);
    } else if (closed) {
      const [best] = [...this.poll.options].sort((one, other) => other.votes - one.votes);
      say(said, `The poll is closed. Most votes: ${best.text}, ${best.votes} of ${this.poll.voters}.`);
    }
  }

  choose(id, option) {
    this.choices.set(id, option);
    if (this.poll?.id === id) {
      this.#bars();
    }
  }

  #row(text, option) {
    const button = make(
      "button",
      { type: "button", class: "poll-option" },
      make("span", { class: "poll-bar", "aria-hidden": "true" }),
      make("span", { class: "poll-text", dir: "auto" }, text),
      make("span", { class: "poll-share" }),
    );
    button.addEventListener("click", () => this.send({ type: "vote", id: this.poll.id, option }));
    return make("li", {}, button);
  }

  /** Buttons stay where they are while bars grow: a finger on its way hits what it aimed at. */
  #bars() {
    const { options, voters, open, id } = this.poll;
    const most = Math.max(...options.map(({ votes }) => votes));
    const own = this.choices.get(id);
    [...this.list.querySelectorAll(".poll-option")].forEach((button, option) => {
      const { votes } = options[option];
      const share = voters ? Math.round((votes / voters) * 100) : 0;
      button.querySelector(".poll-bar").style.setProperty("--share", `${share}%`);
      say(button.querySelector(".poll-share"), `${share} %`);
      button.setAttribute("aria-pressed", String(own === option));
      button.disabled = !open;
      button.classList.toggle("leads", !open && votes > 0 && votes === most);
    });
    const votes = plural(voters, "vote", "votes");
    const hint = own === undefined ? "Tap an answer" : "You can change your vote";
    say(this.root.querySelector("[data-poll-foot]"), open ? `${hint} · ${votes}` : `Result · ${votes}`);
  }

  #putAway() {
    this.away = this.poll.id;
    this.card.hidden = true;
  }

  #ask() {
    this.dialog.querySelector("form").reset();
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  #start() {
    const { elements } = this.dialog.querySelector("form");
    const options = [...elements.option].map((field) => field.value.trim()).filter(Boolean);
    this.send({ type: "open_poll", question: elements.question.value.trim(), options });
  }
}
