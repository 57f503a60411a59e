/**
 * The class view: what an instructor reads from three metres. Questions first, then hands and the poll, and the last few
 * words of the chat. It moves once a second at most, and only where something changed.
 */

import { post } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { icon, make, plural, say } from "../lib/dom.js";
import { RoomSocket } from "../lib/room-socket.js";
import { clockText } from "../lib/time.js";

const QUESTIONS = 4;
const HANDS = 6;
const WORDS = 3;

class InstructorView {
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.backoff = new Backoff({ first: 1000, most: 15000 });
    this.skewMs = 0;
    this.said = [];
    setInterval(() => this.#clock(), 1000);
  }

  async begin() {
    try {
      const address = await this.#address();
      this.socket = new RoomSocket({ address, renew: () => this.#address() });
      this.socket.addEventListener("frame", ({ detail }) => this.#frame(detail));
      this.socket.addEventListener("status", ({ detail }) => say(this.part("line"), detail.words));
      this.socket.connect();
    } catch (error) {
      say(this.part("line"), error.message);
      if (error.passing) {
        setTimeout(() => this.begin(), this.backoff.next());
      }
    }
  }

  async #address() {
    const reply = await post(`${this.data.api}/token`, { room_id: this.data.roomId, role: "viewer" });
    return reply.chat_url;
  }

  #frame(frame) {
    if (frame.viewer_count !== undefined) {
      say(this.part("count"), String(frame.viewer_count));
    }
    if (frame.stream) {
      this.stream = frame.stream;
      this.#clock();
    }
    switch (frame.type) {
      case "welcome":
        this.skewMs = frame.server_time - Date.now();
        this.said = frame.history.filter(({ deleted }) => !deleted);
        this.#chat();
        this.#questions(frame.floor);
        this.#hands({ ...frame, hands: frame.floor.hands });
        this.#poll(frame.floor.poll);
        break;
      case "chat_message":
        this.said.push(frame);
        this.#chat();
        break;
      case "message_deleted":
        this.said = this.said.filter(({ id }) => id !== frame.id);
        this.#chat();
        break;
      case "resynced":
        this.said = frame.fresh ? [] : this.said;
        frame.events.forEach((event) => this.#frame(event));
        break;
      case "questions":
        this.#questions(frame);
        break;
      case "hands":
        this.#hands(frame);
        break;
      case "poll":
        this.#poll(frame.poll);
        break;
      case "error":
        say(this.part("line"), frame.message);
        break;
    }
  }

  #questions({ questions, open_questions: open }) {
    const waiting = questions.filter(({ state }) => state === "open").slice(0, QUESTIONS);
    this.#redraw("questions", waiting.map((question) => this.#question(question)));
    this.part("no-questions").hidden = waiting.length > 0;
    const more = this.part("more-questions");
    more.hidden = open <= waiting.length;
    say(more, `and ${plural(open - waiting.length, "more question", "more questions")}`);
  }

  #question({ id, username, question, votes }) {
    return make(
      "li",
      {},
      make("p", { class: "view-question", dir: "auto" }, question),
      make(
        "div",
        { class: "view-acts" },
        make("span", { class: "view-by" }, make("span", { dir: "auto" }, username), ` · ${plural(votes, "vote", "votes")}`),
        this.#button("Answered", `Answered: ${question}`, { type: "mark_question", id, state: "answered" }),
        this.#button("Put aside", `Put aside: ${question}`, { type: "mark_question", id, state: "dismissed" }),
      ),
    );
  }

  /** The focus stays on the button that has it, for as long as its question or hand is there. */
  #redraw(name, rows) {
    const focused = document.activeElement?.getAttribute("aria-label");
    this.part(name).replaceChildren(...rows);
    if (focused) {
      this.part(name).querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  #button(words, label, frame) {
    const button = make("button", { type: "button", class: "button", "aria-label": label }, words);
    button.addEventListener("click", () => this.socket.send(frame));
    return button;
  }

  #hands({ hands, people_with_hands: people }) {
    say(this.part("hands-title"), hands ? plural(hands, "hand up", "hands up") : "No hands up");
    const rows = people.slice(0, HANDS).map(({ user_id: userId, username }) => {
      const button = this.#button("", `Lower the hand of ${username}`, { type: "lower_hand", user_id: userId });
      button.append(icon("check"));
      return make("li", {}, icon("hand"), make("span", { dir: "auto" }, username), button);
    });
    this.#redraw("hands", rows);
  }

  #poll(poll) {
    this.part("poll").hidden = !poll;
    if (!poll) {
      return;
    }
    say(this.part("poll-question"), poll.question);
    const most = Math.max(...poll.options.map(({ votes }) => votes));
    const rows = poll.options.map(({ text, votes }) => {
      const share = poll.voters ? Math.round((votes / poll.voters) * 100) : 0;
      const bar = make("span", { class: "view-bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", `${share}%`);
      const leads = votes > 0 && votes === most;
      return make("li", { class: leads ? "leads" : null }, bar, make("span", { dir: "auto" }, text), make("b", {}, `${share} %`));
    });
    this.part("poll-options").replaceChildren(...rows);
    say(this.part("poll-foot"), `${poll.open ? "Open" : "Result"} · ${plural(poll.voters, "vote", "votes")}`);
  }

  #chat() {
    this.said = [...new Map(this.said.map((message) => [message.id, message])).values()].slice(-30);
    const rows = this.said
      .slice(-WORDS)
      .map(({ username, message }) => make("li", { dir: "auto" }, make("b", {}, username), ` ${message}`));
    this.part("chat").replaceChildren(...rows);
  }

  #clock() {
    const { state, started_at: started, ended_at: ended, reconnect_until: until } = this.stream ?? {};
    const now = Date.now() + this.skewMs;
    if (state === "interrupted" && until) {
      say(this.part("clock-label"), "Signal lost, held for");
      say(this.part("clock"), clockText(Math.max(0, (new Date(until).getTime() - now) / 1000)));
    } else if (started) {
      say(this.part("clock-label"), state === "ended" ? "Class over after" : "On air for");
      say(this.part("clock"), clockText(((ended ? new Date(ended).getTime() : now) - new Date(started).getTime()) / 1000));
    }
  }
}

document.querySelectorAll("[data-instructor-view]").forEach((root) => new InstructorView(root).begin());
