/** Talk beside the picture. Every word of others goes through textContent: text is text, never markup. */

import { say } from "../lib/dom.js";
import { Drafts } from "./drafts.js";
import { offerEmoji, withEmoji } from "../lib/emoji.js";
import { moderates } from "../lib/roles.js";
import { Held } from "./held.js";
import { HouseRules } from "./house-rules.js";
import { callBack, calls, Mentions } from "./mentions.js";
import { messageRow } from "./message-row.js";
import { Moderation } from "./moderation.js";
import { Report } from "./report.js";
import { MessageLog } from "./message-log.js";

export class Chat {
  /** `send(frame)` returns false when the socket is not open; `mediaTime()`: the moment of the class on the screen. */
  constructor(root, send, mediaTime) {
    this.root = root;
    this.send = send;
    this.note = root.querySelector("[data-note]");
    this.form = root.querySelector("form");
    this.input = this.form.querySelector("input[type=text]");
    this.moderation = new Moderation(root, (frame) => this.send(frame));
    this.log = new MessageLog(root, {
      row: (message) => this.#row(message),
      isMine: (message) => message.user_id === this.me?.user_id,
    });
    const row = (words, timestamp) => this.#ownRow(words, timestamp);
    this.drafts = new Drafts({ log: this.log.list, row, send, mediaTime });
    this.house = new HouseRules(root);
    this.waiting = new Held(root, (frame) => this.take(frame));
    this.report = new Report(root, (words) => this.#noteText(words));
    this.mentions = new Mentions();
    this.suggest = offerEmoji(this.input, [this.mentions]);
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.log.scroller.addEventListener("keydown", ({ key }) => key === "Escape" && this.input.focus());
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
        this.log.empty(frame.id);
        return true;
      case "message_restored":
        this.log.fill(frame.id, frame.message);
        return true;
      case "resynced":
        if (frame.fresh) {
          this.log.clear();
        }
        frame.events.forEach((event) => this.take(event));
        return true;
      case "error":
        this.#refused(frame);
        return true;
      default:
        return this.#own(frame) || this.waiting.take(frame) || this.moderation.take(frame);
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
    this.me = frame.you;
    this.moderates = moderates(frame.you.role);
    [this.moderation, this.waiting, this.report, this.mentions].forEach((part) => part.welcome(frame));
    frame.history.forEach(({ client_id: clientId }) => this.drafts.settle(clientId));
    this.log.welcome(frame);
  }

  #submit(event) {
    event.preventDefault();
    const message = withEmoji(this.input.value).trim();
    if (!message) {
      return;
    }
    const sent = this.drafts.add(message);
    this.input.value = "";
    this.log.toEnd();
    if (!sent) {
      this.#noteText("You are offline. We send this as soon as you are back.");
    }
  }

  #show(message) {
    if (this.drafts.settle(message.client_id) !== undefined && this.open) {
      this.#noteText("");
    }
    if (this.#callsMe(message)) {
      callBack(message.username);
    }
    this.log.take(message);
  }

  /** A frame about a message of one's own that the others do not see. */
  #own(frame) {
    const words = this.drafts.take(frame);
    if (words !== undefined) {
      this.#noteText(words);
    }
    return words !== undefined;
  }

  #ownRow(message, timestamp) {
    return this.#row({ user_id: this.me?.user_id, username: this.me?.username ?? "You", message, timestamp });
  }

  #callsMe({ user_id: id, message }) {
    return this.me !== undefined && id !== this.me.user_id && calls(message, this.me.username);
  }

  #row(message) {
    const mine = message.user_id !== undefined && message.user_id === this.me?.user_id;
    const remove = (id) => this.send({ type: "delete_message", id });
    const look = (row) => ({ words: row.querySelector(".text").textContent, deleted: row.classList.contains("gone") });
    const moderate = this.moderates && !mine && ((row) => this.moderation.open(message, look(row)));
    const report = !this.moderates && !mine && ((row) => this.report.open(message, look(row).words));
    const called = this.#callsMe(message);
    return messageRow(message, { mine, called, remove: mine && remove, moderate, report });
  }

  #refused({ code, message, client_id: clientId }) {
    if (code === "chat:rules:unread") {
      this.house.ask();
    }
    this.input.value ||= this.drafts.settle(clientId) ?? "";
    this.#noteText(message, true);
  }

  #noteText(words, fault = false) {
    this.note.hidden = !words;
    this.note.classList.toggle("fault", fault);
    say(this.note, words);
  }
}
