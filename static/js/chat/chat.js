/** The chat beside the picture. Every word of others goes through textContent: text is text, never markup. */

import { find, say } from "../lib/dom.js";
import { offerEmoji, withEmoji } from "../lib/emoji.js";
import { moderates } from "../lib/roles.js";
import { Drafts } from "./drafts.js";
import { Held } from "./held.js";
import { HouseRules } from "./house-rules.js";
import { callBack, calls, Mentions } from "./mentions.js";
import { MessageLog } from "./message-log.js";
import { messageRow, readRow } from "./message-row.js";
import { Moderation } from "./moderation.js";
import { Report } from "./report.js";

export class Chat {
  /** @type {Room.Person | undefined} */
  me;
  moderates = false;
  /** Whether the socket is open. */
  open = false;

  /**
   * @param {HTMLElement} root
   * @param {Room.Send} send
   * @param {() => number | null} mediaTime the moment of the class on the screen
   */
  constructor(root, send, mediaTime) {
    this.send = send;
    this.note = find(root, "[data-note]");
    this.form = find(root, "form", HTMLFormElement);
    this.input = find(this.form, "input[type=text]", HTMLInputElement);
    this.moderation = new Moderation(root, send);
    this.log = new MessageLog(root, {
      row: (message) => this.#row(message),
      isMine: (message) => message.user_id === this.me?.user_id,
    });
    this.drafts = new Drafts({
      log: this.log.list,
      row: (words, timestamp) => this.#ownRow(words, timestamp),
      send,
      mediaTime,
    });
    this.house = new HouseRules(root);
    this.waiting = new Held(root, (frame) => this.take(frame));
    this.report = new Report(root, (words) => this.#noteText(words));
    this.mentions = new Mentions();
    this.suggest = offerEmoji(this.input, [this.mentions]);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.log.scroller.addEventListener("keydown", ({ key }) => key === "Escape" && this.input.focus());
  }

  /**
   * Takes a frame; true when it was one of ours.
   * @param {Room.Frame} frame
   * @returns {boolean}
   */
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
        for (const event of frame.events) {
          this.take(event);
        }
        return true;
      case "error":
        this.#refused(frame);
        return true;
      default:
        return this.#own(frame) || this.waiting.take(frame) || this.moderation.take(frame);
    }
  }

  /** @param {import("../lib/socket-line.js").Status} status */
  status({ state, words }) {
    this.open = state === "open";
    this.form.hidden = state === "closed";
    this.#noteText(words, state === "closed");
    if (this.open) {
      this.drafts.again();
    }
  }

  /** @param {Room.Welcome} frame */
  #welcome(frame) {
    this.me = frame.you;
    this.moderates = moderates(frame.you.role);
    for (const part of [this.moderation, this.waiting, this.report, this.mentions]) {
      part.welcome(frame);
    }
    for (const { client_id: clientId } of frame.history) {
      this.drafts.settle(clientId);
    }
    this.log.welcome(frame);
  }

  #submit() {
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

  /** @param {Room.Message} message */
  #show(message) {
    if (this.drafts.settle(message.client_id) !== undefined && this.open) {
      this.#noteText("");
    }
    if (this.#callsMe(message)) {
      callBack(message.username);
    }
    this.log.take(message);
  }

  /**
   * Takes a frame about one of the reader's own messages that others do not see.
   * @param {Room.Frame} frame
   */
  #own(frame) {
    const words = this.drafts.take(frame);
    if (words !== undefined) {
      this.#noteText(words);
    }
    return words !== undefined;
  }

  /**
   * @param {string} message
   * @param {number} [timestamp]
   */
  #ownRow(message, timestamp) {
    return this.#row({ user_id: this.me?.user_id, username: this.me?.username ?? "You", message, timestamp });
  }

  /** @param {import("./message-row.js").Shown} message */
  #callsMe({ user_id: id, message }) {
    return this.me !== undefined && id !== this.me.user_id && calls(message, this.me.username);
  }

  /** @param {import("./message-row.js").Shown} message */
  #row(message) {
    const mine = message.user_id !== undefined && message.user_id === this.me?.user_id;
    return messageRow(message, {
      mine,
      called: this.#callsMe(message),
      remove: mine && ((id) => this.send({ type: "delete_message", id })),
      moderate: this.moderates && !mine && ((row) => this.moderation.open(message, readRow(row))),
      report: !this.moderates && !mine && ((row) => this.report.open(message, readRow(row).words)),
    });
  }

  /** @param {Room.Refusal} refusal */
  #refused({ code, message, client_id: clientId }) {
    if (code === "chat:rules:unread") {
      this.house.ask();
    }
    this.input.value ||= this.drafts.settle(clientId) ?? "";
    this.#noteText(message, true);
  }

  /** @param {string} words */
  #noteText(words, fault = false) {
    this.note.hidden = !words;
    this.note.classList.toggle("fault", fault);
    say(this.note, words);
  }
}
