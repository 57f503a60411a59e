/** Questions to the instructor, beside the chat: asking, voting up, and what became of them. */

import { icon, make, plural, say } from "../lib/dom.js";

const MARKS = { answered: "Answered", dismissed: "Put aside", open: "Open again" };
const SAID_FOR = 6000;
const STILL_FOR = 3000;

let drafts = 0;
const newClientId = () => `q-${Date.now().toString(36)}-${(drafts += 1)}-${Math.random().toString(36).slice(2, 8)}`;

export class Questions {
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.panel = root.querySelector("[data-questions]");
    this.list = root.querySelector("[data-question-list]");
    this.form = root.querySelector("[data-ask]");
    this.note = root.querySelector("[data-ask-note]");
    this.mine = new Set(); // what one voted for
    this.pending = new Map();
    this.questions = [];
    this.touched = 0;
    for (const name of ["pointerdown", "keydown"]) {
      this.list.addEventListener(name, () => {
        this.touched = Date.now();
      });
    }
    this.form.addEventListener("submit", (event) => this.#submit(event));
    root.querySelectorAll("[data-tab]").forEach((tab) => {
      tab.addEventListener("click", () => this.#turn(tab.dataset.tab));
    });
  }

  welcome(state, you, moderates) {
    this.me = you.user_id;
    this.moderates = moderates;
    this.show(state);
    this.pending.forEach((frame) => this.send(frame)); // stored once, whatever became of the first try
  }

  show({ questions, open_questions: open }) {
    this.questions = questions;
    this.#sort();
    this.#draw();
    const badge = this.root.querySelector("[data-open-questions]");
    badge.hidden = open === 0;
    say(badge, String(open));
    this.root.querySelector("[data-no-questions]").hidden = questions.length > 0;
  }

  voted(id, voted) {
    if (voted !== this.mine.has(id)) {
      voted ? this.mine.add(id) : this.mine.delete(id);
      this.#draw();
    }
  }

  asked({ client_id: clientId }) {
    this.pending.delete(clientId);
    this.#say("Your question is in. The most wanted come first.");
  }

  /** True when it was about a question. */
  refused({ client_id: clientId, message }) {
    const draft = this.pending.get(clientId);
    if (!draft) {
      return false;
    }
    this.pending.delete(clientId);
    this.form.querySelector("input").value ||= draft.question;
    this.#say(message, true);
    return true;
  }

  /** Rows do not change places under a finger: while somebody is at them, the newest order waits. */
  #sort() {
    const wait = this.touched + STILL_FOR - Date.now();
    const rank = new Map([...this.list.children].map((row, number) => [Number(row.dataset.id), number]));
    clearTimeout(this.sorting);
    if (wait > 0 && rank.size > 0) {
      const wanted = this.questions;
      const at = ({ id }) => rank.get(id) ?? rank.size;
      this.questions = [...wanted].sort((one, other) => at(one) - at(other));
      this.sorting = setTimeout(() => {
        this.questions = wanted;
        this.#draw();
      }, wait);
    }
  }

  /** Rows keep their elements, so that the focus stays on the button that was pressed. */
  #draw() {
    const before = new Map([...this.list.children].map((row) => [row.dataset.id, row]));
    const rows = this.questions.map((question) => this.#filled(before.get(String(question.id)), question));
    const focused = document.activeElement;
    this.list.replaceChildren(...rows);
    if (focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  #filled(row, question) {
    const { id, votes, state, user_id: author } = question;
    const filled = row ?? this.#row(question);
    const vote = filled.querySelector("[data-vote]");
    const own = this.mine.has(id);
    vote.setAttribute("aria-pressed", String(own));
    vote.setAttribute("aria-label", `${own ? "Take back your vote" : "I want to know too"}: ${plural(votes, "vote", "votes")}`);
    vote.disabled = state !== "open";
    say(vote.querySelector("b"), String(votes));
    filled.classList.toggle("answered", state === "answered");
    filled.querySelector(".question-state").hidden = state !== "answered";
    filled.querySelectorAll("[data-mark]").forEach((button) => {
      const reopen = button.dataset.mark === "open";
      const may = this.moderates || (button.dataset.mark === "dismissed" && author === this.me);
      button.hidden = !may || reopen !== (state !== "open");
      say(button, this.moderates || reopen ? MARKS[button.dataset.mark] : "Take it back");
    });
    return filled;
  }

  #row({ id, username, question }) {
    const vote = make("button", { type: "button", class: "question-vote", dataset: { vote: id } }, icon("up"), make("b"));
    vote.addEventListener("click", () => this.send({ type: "vote_question", id, voted: !this.mine.has(id) }));
    return make(
      "li",
      { class: "question", dataset: { id } },
      vote,
      make(
        "div",
        {},
        make("p", { class: "question-text", dir: "auto" }, question),
        make(
          "p",
          { class: "question-by" },
          make("span", { dir: "auto" }, username),
          make("span", { class: "question-state" }, "Answered"),
        ),
        make(
          "div",
          { class: "question-acts" },
          ...Object.keys(MARKS).map((state) => this.#mark(id, state)),
        ),
      ),
    );
  }

  #mark(id, state) {
    const button = make("button", { type: "button", class: "button small", dataset: { mark: state } });
    button.addEventListener("click", () => this.send({ type: "mark_question", id, state }));
    return button;
  }

  #submit(event) {
    event.preventDefault();
    const input = this.form.querySelector("input");
    const question = input.value.trim();
    if (!question) {
      return;
    }
    const frame = { type: "ask", question, client_id: newClientId() };
    this.pending.set(frame.client_id, frame);
    input.value = "";
    this.#say(this.send(frame) ? "" : "You are offline. We send this as soon as you are back.");
  }

  #turn(name) {
    this.root.querySelector("[data-chat]").dataset.shows = name;
    this.panel.hidden = name !== "questions";
    this.root.querySelectorAll("[data-tab]").forEach((tab) => {
      tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
    });
  }

  #say(words, fault = false) {
    this.note.hidden = !words;
    this.note.classList.toggle("fault", fault);
    say(this.note, words);
    clearTimeout(this.saying);
    if (words && !fault) {
      this.saying = setTimeout(() => this.#say(""), SAID_FOR);
    }
  }
}
