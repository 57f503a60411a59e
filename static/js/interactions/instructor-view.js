/**
 * The class view: what an instructor reads from three metres. Questions first, then hands and the poll, and the last few
 * words of the chat. It moves once a second at most, and only where something changed.
 */

import "../lib/arrived.js";
import { apiError, post } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { all, find, icon, make, maybe, plural, say } from "../lib/dom.js";
import { RoomSocket } from "../lib/room-socket.js";
import { clockText } from "../lib/time.js";

const QUESTIONS = 4;
const HANDS = 6;
const WORDS = 3;
const REMEMBERED = 30;

class InstructorView {
  skewMs = 0;
  /** @type {Room.Message[]} the last ones */
  said = [];
  /** @type {Room.Stream | null} */
  stream = null;
  /** @type {RoomSocket | null} */
  socket = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.data = root.dataset;
    /** @param {string} name */
    this.part = (name) => find(root, `[data-${name}]`);
    this.backoff = new Backoff({ first: 1000, most: 15000 });
    setInterval(() => this.#clock(), 1000);
  }

  async begin() {
    try {
      const address = await this.#address();
      this.socket = new RoomSocket({ address, renew: () => this.#address() });
      this.socket.on("frame", (frame) => this.#frame(frame));
      this.socket.on("status", ({ words }) => say(this.part("line"), words));
      this.socket.connect();
    } catch (error) {
      const { message, passing } = apiError(error);
      say(this.part("line"), message);
      if (passing) {
        setTimeout(() => this.begin(), this.backoff.next());
      }
    }
  }

  async #address() {
    /** @type {Api.Token} */
    const { chat_url: address } = await post(`${this.data.api}/token`, { room_id: this.data.roomId, role: "viewer" });
    return address;
  }

  /** @param {Room.Frame} frame */
  #frame(frame) {
    if ("viewer_count" in frame) {
      say(this.part("count"), String(frame.viewer_count));
    }
    if ("stream" in frame) {
      this.stream = frame.stream;
      this.#clock();
    }
    switch (frame.type) {
      case "welcome":
        this.#welcome(frame);
        break;
      case "chat_message":
        this.#chat([...this.said, frame]);
        break;
      case "message_deleted":
        this.#chat(this.said.filter(({ id }) => id !== frame.id));
        break;
      case "resynced":
        this.said = frame.fresh ? [] : this.said;
        for (const event of frame.events) {
          this.#frame(event);
        }
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

  /** @param {Room.Welcome} frame */
  #welcome(frame) {
    const { floor: state, history, server_time: now } = frame;
    this.skewMs = now - Date.now();
    this.#chat(history.filter(({ deleted }) => !deleted));
    this.#questions(state);
    this.#hands({ ...frame, hands: state.hands });
    this.#poll(state.poll);
  }

  /** @param {Room.QuestionList} state */
  #questions({ questions, open_questions: open }) {
    const waiting = questions.filter(({ state }) => state === "open").slice(0, QUESTIONS);
    this.#redraw(
      "questions",
      waiting.map((question) => this.#question(question)),
    );
    this.part("no-questions").hidden = waiting.length > 0;
    const more = this.part("more-questions");
    more.hidden = open <= waiting.length;
    say(more, `and ${plural(open - waiting.length, "more question", "more questions")}`);
  }

  /** @param {Room.Question} question */
  #question({ id, username, question, votes }) {
    return make(
      "li",
      {},
      make("p", { class: "view-question", dir: "auto" }, question),
      make(
        "div",
        { class: "view-acts" },
        make(
          "span",
          { class: "view-by" },
          make("span", { dir: "auto" }, username),
          ` · ${plural(votes, "vote", "votes")}`,
        ),
        this.#button("Answered", `Answered: ${question}`, { type: "mark_question", id, state: "answered" }),
        this.#button("Put aside", `Put aside: ${question}`, { type: "mark_question", id, state: "dismissed" }),
      ),
    );
  }

  /**
   * Keeps the focus on its button for as long as the question or hand is there.
   * @param {string} name
   * @param {HTMLElement[]} rows
   */
  #redraw(name, rows) {
    const focused = document.activeElement?.getAttribute("aria-label");
    this.part(name).replaceChildren(...rows);
    if (focused) {
      maybe(this.part(name), `[aria-label="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  /**
   * @param {string} words
   * @param {string} label
   * @param {Room.Command} frame
   */
  #button(words, label, frame) {
    const button = make("button", { type: "button", class: "button", "aria-label": label }, words);
    button.addEventListener("click", () => this.socket?.send(frame));
    return button;
  }

  /** @param {Pick<Room.HandState, "hands" | "people_with_hands">} state */
  #hands({ hands, people_with_hands: people }) {
    say(this.part("hands-title"), hands ? plural(hands, "hand up", "hands up") : "No hands up");
    const rows = people.slice(0, HANDS).map(({ user_id: userId, username }) => {
      const button = this.#button("", `Lower the hand of ${username}`, { type: "lower_hand", user_id: userId });
      button.append(icon("check"));
      return make("li", {}, icon("hand"), make("span", { dir: "auto" }, username), button);
    });
    this.#redraw("hands", rows);
  }

  /** @param {Room.PollState | null} poll */
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
      return make(
        "li",
        { class: leads ? "leads" : null },
        bar,
        make("span", { dir: "auto" }, text),
        make("b", {}, `${share} %`),
      );
    });
    this.part("poll-options").replaceChildren(...rows);
    say(this.part("poll-foot"), `${poll.open ? "Open" : "Result"} · ${plural(poll.voters, "vote", "votes")}`);
  }

  /** @param {Room.Message[]} said each once, the newest few on the screen */
  #chat(said) {
    this.said = [...new Map(said.map((message) => [message.id, message])).values()].slice(-REMEMBERED);
    const rows = this.said
      .slice(-WORDS)
      .map(({ username, message }) => make("li", { dir: "auto" }, make("b", {}, username), ` ${message}`));
    this.part("chat").replaceChildren(...rows);
  }

  #clock() {
    if (!this.stream) {
      return;
    }
    const { state, started_at: started, ended_at: ended, reconnect_until: until } = this.stream;
    const now = Date.now() + this.skewMs;
    /** @param {string} moment */
    const at = (moment) => new Date(moment).getTime();
    if (state === "interrupted" && until) {
      say(this.part("clock-label"), "Signal lost, held for");
      say(this.part("clock"), clockText(Math.max(0, (at(until) - now) / 1000)));
    } else if (started) {
      say(this.part("clock-label"), state === "ended" ? "Class over after" : "On air for");
      say(this.part("clock"), clockText(((ended ? at(ended) : now) - at(started)) / 1000));
    }
  }
}

for (const root of all(document, "[data-instructor-view]")) {
  new InstructorView(root).begin();
}
