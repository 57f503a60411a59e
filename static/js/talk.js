/** Talk beside the picture. Every word of others goes through textContent: text is text, never markup. */

import { plural, say } from "./dom.js";
import { emptyRow, fillRow, messageRow, placeRow, ROLES } from "./message-row.js";
import { Order } from "./order.js";

const NEAR_THE_END = 60;
const KEPT = 400;
const SEND_AGAIN_AFTER = 1500;

let drafts = 0;
const newClientId = () => `${Date.now().toString(36)}-${(drafts += 1)}-${Math.random().toString(36).slice(2, 8)}`;

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
    this.marker = root.querySelector("[data-unread]");
    this.rows = new Map();
    this.pending = new Map();
    this.unread = 0;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.scroller.addEventListener("scroll", () => this.#atEnd() && this.#read(), { passive: true });
    this.marker.addEventListener("click", () => this.#toEnd());
  }

  /** Takes a frame; true when it was one of ours. */
  take(frame) {
    switch (frame.type) {
      case "welcome":
        this.#welcome(frame);
        return true;
      case "chat_message":
        this.#show(frame);
        return true;
      case "message_deleted":
        this.#empty(frame.id);
        return true;
      case "message_restored":
        this.rows.has(frame.id) && fillRow(this.rows.get(frame.id), frame.message);
        return true;
      case "message_held":
        this.#held(frame);
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
        return this.order.take(frame);
    }
  }

  status({ state, words }) {
    this.open = state === "open";
    this.form.hidden = state === "closed";
    this.#noteText(words, state === "closed");
    if (this.open) {
      // What was said while the line was down goes out now, save what the history shows as sent.
      setTimeout(() => this.pending.forEach(({ frame }) => this.send(frame)), SEND_AGAIN_AFTER);
    }
  }

  #welcome(frame) {
    const { you, history } = frame;
    this.me = you;
    this.moderates = you.role in ROLES;
    this.order.welcome(frame);
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
    const frame = { type: "chat_message", message, client_id: newClientId(), media_time: this.mediaTime() };
    const row = this.#row({ user_id: this.me?.user_id, username: this.me?.username ?? "You", message });
    row.classList.add("pending", "mine");
    this.pending.set(frame.client_id, { frame, row });
    this.log.append(row);
    this.input.value = "";
    this.#toEnd();
    if (!this.send(frame)) {
      this.#noteText("You are offline. We send this as soon as you are back.");
    }
  }

  #show(message, { quiet = false } = {}) {
    if (this.rows.has(message.id)) {
      if (message.deleted) {
        this.#empty(message.id);
      }
      return;
    }
    if (this.#settle(message.client_id) && this.open) {
      this.#noteText("");
    }
    const follow = this.#atEnd();
    const row = this.#row(message);
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

  #row(message) {
    const mine = message.user_id !== undefined && message.user_id === this.me?.user_id;
    const remove = (id) => this.send({ type: "delete_message", id });
    const look = (row) => ({ words: row.querySelector(".text").textContent, deleted: row.classList.contains("gone") });
    const order = this.moderates && !mine && ((row) => this.order.open(message, look(row)));
    return messageRow(message, { mine, remove: mine && remove, order });
  }

  #empty(id) {
    const row = this.rows.get(id);
    if (row) {
      emptyRow(row);
    }
  }

  #refused({ message, client_id: clientId }) {
    const draft = this.pending.get(clientId);
    if (draft) {
      this.input.value ||= draft.frame.message;
      this.#settle(clientId);
    }
    this.#noteText(message, true);
  }

  /** Its row stays, for its writer alone, until it is let in; a resend after a reconnect asks what became of it. */
  #held({ client_id: clientId }) {
    this.pending.get(clientId)?.row.classList.add("held");
    this.#noteText("Your message waits for the instructor to let it in.");
  }

  #settle(clientId) {
    this.pending.get(clientId)?.row.remove();
    return this.pending.delete(clientId);
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
