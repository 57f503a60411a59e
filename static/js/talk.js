/** Talk beside the picture. Every word of others goes through textContent: text is text, never markup. */

import { plural, say } from "./dom.js";
import { Drafts } from "./drafts.js";
import { emptyRow, fillRow, messageRow, placeRow, ROLES } from "./message-row.js";
import { Held } from "./held.js";
import { HouseRules } from "./house-rules.js";
import { callBack, calls, Mentions } from "./mentions.js";
import { Order } from "./order.js";
import { Report } from "./report.js";

const NEAR_THE_END = 60;
const KEPT = 400;

export class Talk {
  /** `send(frame)` returns false when the socket is not open; `mediaTime()`: the moment of the class on the screen. */
  constructor(root, send, mediaTime) {
    this.root = root;
    this.send = send;
    this.mediaTime = mediaTime;
    this.log = root.querySelector("[data-log]");
    this.scroller = root.querySelector("[data-scroll]");
    this.note = root.querySelector("[data-note]");
    this.form = root.querySelector("form");
    this.input = this.form.querySelector("input[type=text]");
    this.order = new Order(root, (frame) => this.send(frame));
    this.house = new HouseRules(root);
    this.waiting = new Held(root, (frame) => this.take(frame));
    this.mentions = new Mentions(root);
    this.report = new Report(root, (words) => this.#noteText(words));
    this.marker = root.querySelector("[data-unread]");
    this.rows = new Map();
    this.drafts = new Drafts(this.log, (message, timestamp) => this.#ownRow(message, timestamp), send);
    this.unread = 0;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.scroller.addEventListener("scroll", () => this.#atEnd() && this.#read(), { passive: true });
    this.marker.addEventListener("click", () => this.#toEnd());
  }

  /** Takes a frame; true when it was one of ours. */
  take(frame) {
    this.mentions.know(frame);
    switch (frame.type) {
      case "welcome":
        this.#welcome(frame);
        return true;
      case "chat_message":
        this.#show(frame);
        return true;
      case "message_deleted":
        emptyRow(this.rows.get(frame.id));
        return true;
      case "message_restored":
        this.rows.has(frame.id) && fillRow(this.rows.get(frame.id), frame.message);
        return true;
      case "resynced":
        if (frame.fresh) {
          this.rows.forEach((row) => row.remove());
          this.rows.clear();
        }
        frame.events.forEach((event) => this.take(event));
        return true;
      case "error":
        this.#refused(frame);
        return true;
      default:
        return this.#ours(frame) || this.waiting.take(frame) || this.order.take(frame);
    }
  }

  status({ state, words }) {
    this.open = state === "open";
    this.form.hidden = state === "closed";
    this.#noteText(words, state === "closed");
    if (this.open) {
      this.drafts.again();
    }
  }

  #welcome(frame) {
    const { you, history } = frame;
    this.me = you;
    this.moderates = you.role in ROLES;
    [this.order, this.waiting, this.report, this.mentions].forEach((part) => part.welcome(frame));
    history.forEach((message) => this.#show(message, { quiet: true }));
    this.#toEnd();
    this.#emptyState();
  }

  #submit(event) {
    event.preventDefault();
    const message = this.input.value.trim();
    if (!message) {
      return;
    }
    const sent = this.drafts.add(message, this.mediaTime());
    this.input.value = "";
    this.#toEnd();
    if (!sent) {
      this.#noteText("You are offline. We send this as soon as you are back.");
    }
  }

  #show(message, { quiet = false } = {}) {
    if (this.rows.has(message.id)) {
      if (message.deleted) {
        emptyRow(this.rows.get(message.id));
      }
      return;
    }
    if (this.drafts.settle(message.client_id) !== undefined && this.open) {
      this.#noteText("");
    }
    const follow = this.#atEnd();
    const row = this.#row(message);
    if (!quiet && row.classList.contains("calls-me")) {
      callBack(message.username);
    }
    this.rows.set(message.id, row);
    placeRow(this.log, row, message.seq);
    this.#emptyState();
    this.#forget(follow);
    if (follow) {
      this.#toEnd();
    } else if (!quiet && message.user_id !== this.me?.user_id) {
      this.unread += 1;
      this.#mark();
    }
  }

  #ownRow(message, timestamp) {
    return this.#row({ user_id: this.me?.user_id, username: this.me?.username ?? "You", message, timestamp });
  }

  #row(message) {
    const mine = message.user_id !== undefined && message.user_id === this.me?.user_id;
    const remove = (id) => this.send({ type: "delete_message", id });
    const look = (row) => ({ words: row.querySelector(".text").textContent, deleted: row.classList.contains("gone") });
    const order = this.moderates && !mine && ((row) => this.order.open(message, look(row)));
    const report = !this.moderates && !mine && ((row) => this.report.open(message, look(row).words));
    const called = !mine && this.me !== undefined && calls(message.message, this.me.username);
    return messageRow(message, { mine, called, remove: mine && remove, order, report });
  }

  #refused({ code, message, client_id: clientId }) {
    if (code === "chat:rules:unread") {
      this.house.ask();
    }
    this.input.value ||= this.drafts.settle(clientId) ?? "";
    this.#noteText(message, true);
  }

  #ours(frame) {
    const words = this.drafts.take(frame);
    if (words !== undefined) {
      this.#noteText(words);
    }
    return words !== undefined;
  }

  #forget(follow) {
    if (follow && this.rows.size > KEPT) {
      const [oldest, row] = this.rows.entries().next().value;
      row.remove();
      this.rows.delete(oldest);
    }
  }

  #noteText(words, fault = false) {
    this.note.hidden = !words;
    this.note.classList.toggle("fault", fault);
    say(this.note, words);
  }

  #emptyState() {
    this.root.querySelector("[data-quiet]").hidden = this.rows.size > 0;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#read();
  }

  #read() {
    this.unread = 0;
    this.#mark();
  }

  #mark() {
    this.marker.hidden = this.unread === 0;
    say(this.marker, this.unread ? plural(this.unread, "new message", "new messages") : "");
  }
}
