/** Questions to the instructor, beside the chat: asking, voting up, and what became of them. */

import { newClientId } from "../lib/client-id.js";
import { all, find, icon, make, plural, say } from "../lib/dom.js";

/** @type {Record<Room.Question["state"], string>} */
const MARKS = { answered: "Answered", dismissed: "Put aside", open: "Open again" };
const SAID_FOR = 6000;
const STILL_FOR = 3000;

export class Questions {
  /** @type {Set<number>} what one voted for */
  mine = new Set();
  /** @type {Map<string, Room.Ask>} asked, and not yet answered by the server */
  pending = new Map();
  /** @type {Room.Question[]} */
  questions = [];
  /** @type {number | undefined} */
  me;
  moderates = false;
  touched = 0;

  /**
   * @param {HTMLElement} root
   * @param {Room.Send} send
   */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.panel = find(root, "[data-questions]");
    this.list = find(root, "[data-question-list]");
    this.form = find(root, "form[data-ask]", HTMLFormElement);
    this.input = find(this.form, "input", HTMLInputElement);
    this.note = find(root, "[data-ask-note]");
    for (const name of ["pointerdown", "keydown"]) {
      this.list.addEventListener(name, () => {
        this.touched = Date.now();
      });
    }
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    for (const tab of all(root, "[data-tab]")) {
      tab.addEventListener("click", () => this.#turn(tab.dataset.tab ?? ""));
    }
  }

  /**
   * @param {Room.QuestionList} state
   * @param {Room.Person} you
   * @param {boolean} moderates
   */
  welcome(state, you, moderates) {
    this.me = you.user_id;
    this.moderates = moderates;
    this.show(state);
    for (const frame of this.pending.values()) {
      this.send(frame); // the server stores it once
    }
  }

  /** @param {Room.QuestionList} state */
  show({ questions, open_questions: open }) {
    this.questions = questions;
    this.#sort();
    this.#draw();
    const badge = find(this.root, "[data-open-questions]");
    badge.hidden = open === 0;
    say(badge, String(open));
    find(this.root, "[data-no-questions]").hidden = questions.length > 0;
  }

  /**
   * @param {number} id
   * @param {boolean} voted
   */
  voted(id, voted) {
    if (voted === this.mine.has(id)) {
      return;
    }
    if (voted) {
      this.mine.add(id);
    } else {
      this.mine.delete(id);
    }
    this.#draw();
  }

  /** @param {{ client_id: string }} frame */
  asked({ client_id: clientId }) {
    this.pending.delete(clientId);
    this.#say("Your question is in. The most wanted come first.");
  }

  /**
   * True when it was about a question.
   * @param {Room.Refusal} refusal
   */
  refused({ client_id: clientId, message }) {
    const draft = this.pending.get(clientId ?? "");
    if (!draft) {
      return false;
    }
    this.pending.delete(draft.client_id);
    this.input.value ||= draft.question;
    this.#say(message, true);
    return true;
  }

  /** While somebody is using the list its order stays, so that rows do not move under a finger. */
  #sort() {
    const wait = this.touched + STILL_FOR - Date.now();
    const rank = new Map(all(this.list, "li").map((row, number) => [Number(row.dataset.id), number]));
    clearTimeout(this.sorting);
    if (wait > 0 && rank.size > 0) {
      const wanted = this.questions;
      /** @param {Room.Question} question */
      const at = ({ id }) => rank.get(id) ?? rank.size;
      this.questions = [...wanted].sort((one, other) => at(one) - at(other));
      this.sorting = setTimeout(() => {
        this.questions = wanted;
        this.#draw();
      }, wait);
    }
  }

  /** Keeps the elements of rows, so that the focus stays on the button that was pressed. */
  #draw() {
    const before = new Map(all(this.list, "li").map((row) => [row.dataset.id, row]));
    const rows = this.questions.map((question) => this.#filled(before.get(String(question.id)), question));
    const focused = document.activeElement;
    this.list.replaceChildren(...rows);
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  /**
   * @param {HTMLElement | undefined} row
   * @param {Room.Question} question
   */
  #filled(row, question) {
    const { id, votes, state, user_id: author } = question;
    const filled = row ?? this.#row(question);
    const vote = find(filled, "[data-vote]", HTMLButtonElement);
    const own = this.mine.has(id);
    vote.setAttribute("aria-pressed", String(own));
    vote.setAttribute(
      "aria-label",
      `${own ? "Take back your vote" : "I want to know too"}: ${plural(votes, "vote", "votes")}`,
    );
    vote.disabled = state !== "open";
    say(find(vote, "b"), String(votes));
    filled.classList.toggle("answered", state === "answered");
    find(filled, ".question-state").hidden = state !== "answered";
    for (const button of all(filled, "[data-mark]")) {
      const mark = /** @type {Room.Question["state"]} */ (button.dataset.mark);
      const reopen = mark === "open";
      const may = this.moderates || (mark === "dismissed" && author === this.me);
      button.hidden = !may || reopen !== (state !== "open");
      say(button, this.moderates || reopen ? MARKS[mark] : "Take it back");
    }
    return filled;
  }

  /** @param {Room.Question} question */
  #row({ id, username, question }) {
    const vote = make(
      "button",
      { type: "button", class: "question-vote", dataset: { vote: id } },
      icon("up"),
      make("b"),
    );
    vote.addEventListener("click", () => this.send({ type: "vote_question", id, voted: !this.mine.has(id) }));
    const marks = /** @type {Room.Question["state"][]} */ (Object.keys(MARKS));
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
        make("div", { class: "question-acts" }, ...marks.map((state) => this.#mark(id, state))),
      ),
    );
  }

  /**
   * @param {number} id
   * @param {Room.Question["state"]} state
   */
  #mark(id, state) {
    const button = make("button", { type: "button", class: "button small", dataset: { mark: state } });
    button.addEventListener("click", () => this.send({ type: "mark_question", id, state }));
    return button;
  }

  #ask() {
    const question = this.input.value.trim();
    if (!question) {
      return;
    }
    /** @type {Room.Ask} */
    const frame = { type: "ask", question, client_id: newClientId("q-") };
    this.pending.set(frame.client_id, frame);
    this.input.value = "";
    this.#say(this.send(frame) ? "" : "You are offline. We send this as soon as you are back.");
  }

  /** @param {string} name */
  #turn(name) {
    find(this.root, "[data-chat]").dataset.shows = name;
    this.panel.hidden = name !== "questions";
    for (const tab of all(this.root, "[data-tab]")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
    }
  }

  /** @param {string} words */
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
