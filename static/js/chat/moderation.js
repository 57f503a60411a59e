/** Moderating the chat: the dialog of a message, the rules of the room, the pinned message, one's own time-out. */

import { say } from "../lib/dom.js";
import { moderates } from "../lib/roles.js";
import { clockText, countDown, shortTime } from "../lib/time.js";

const RUNS = ["instructor", "owner", "operator"];
const OWNS = ["owner", "operator"];
const NUMBERS = ["slow_seconds", "established_days", "delay_seconds"];
const ON_MESSAGE = { delete: "delete_message", restore: "restore_message", pin: "pin_message" };

/** The rules in words, as members read them. */
function inWords({ slow_seconds: slow, established_days: days, delay_seconds: delay, ...flags }) {
  const { links, emoji_only: emoji, frozen } = flags;
  return [
    frozen && "The talk is paused: only those who run the class write.",
    slow > 0 && `Slow mode: one message every ${slow} seconds.`,
    delay > 0 && `Messages appear after ${delay} seconds.`,
    days > 0 && `Only people who have been in the club for ${days} ${days === 1 ? "day" : "days"} write.`,
    !links && "No links.",
    emoji && "Emoji only.",
  ]
    .filter(Boolean)
    .join(" ");
}

export class Moderation {
  /** `root`: the chat. `send(frame)`: to the room. */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.input = root.querySelector("#chat-say");
    this.dialog = root.querySelector("[data-moderation]");
    this.rulesDialog = root.querySelector("[data-room-rules]");
    this.skewMs = 0;
    this.dialog.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")));
    root.querySelector("[data-open-rules]").addEventListener("click", () => this.#openRules());
    root.querySelector("[data-unpin]").addEventListener("click", () => this.send({ type: "unpin_message" }));
    this.rulesDialog.addEventListener("close", () => this.rulesDialog.returnValue === "yes" && this.#saveRules());
  }

  welcome({ you, settings, pinned, timed_out_until: until, server_time: now }) {
    this.role = you.role;
    this.moderates = moderates(you.role);
    this.skewMs = now - Date.now();
    this.root.querySelector("[data-open-rules]").hidden = !this.moderates;
    this.#rules(settings);
    this.#pinned(pinned);
    this.#timedOut(until);
  }

  /** Takes a frame; true when it was one of ours. */
  take(frame) {
    switch (frame.type) {
      case "room_settings":
        this.#rules(frame.settings);
        return true;
      case "pinned":
        this.#pinned(frame.message);
        return true;
      case "timed_out":
        this.#timedOut(frame.until);
        return true;
      default:
        return false;
    }
  }

  /** The dialog of somebody's message. `deleted`: as it is now. */
  open({ id, user_id: userId, username, role }, { words, deleted }) {
    this.message = { id, userId };
    say(this.dialog.querySelector("[data-moderation-title]"), "Message");
    say(this.dialog.querySelector("[data-moderation-words]"), words);
    say(this.dialog.querySelector("[data-moderation-name]"), username);
    this.dialog.querySelector("[data-moderation-reason]").value = "";
    this.dialog.querySelector("[data-moderation-person]").hidden = !userId || RUNS.includes(role);
    this.#offer("delete", !deleted);
    this.#offer("pin", !deleted);
    this.#offer("restore", deleted);
    this.dialog.querySelector("details").open = false;
    this.dialog.querySelectorAll("[data-for]").forEach((button) => {
      button.hidden = !(button.dataset.for === "owner" ? OWNS : RUNS).includes(this.role);
    });
    this.dialog.showModal();
  }

  #offer(act, may) {
    this.dialog.querySelector(`[data-act="${act}"]`).hidden = !may;
  }

  #act(button) {
    if (!button) {
      return;
    }
    const { act, minutes } = button.dataset;
    if (ON_MESSAGE[act]) {
      this.send({ type: ON_MESSAGE[act], id: this.message.id });
    } else {
      const reason = this.dialog.querySelector("[data-moderation-reason]").value.trim();
      const time = minutes ? { minutes: Number(minutes) } : {};
      this.send({ type: "moderate", action: act, user_id: this.message.userId, reason, ...time });
    }
    this.dialog.close();
  }

  #openRules() {
    const { elements } = this.rulesDialog.querySelector("form");
    for (const name of NUMBERS) {
      elements[name].value = String(this.settings[name]);
    }
    for (const name of ["links", "emoji_only", "frozen"]) {
      elements[name].checked = this.settings[name];
    }
    this.rulesDialog.returnValue = "";
    this.rulesDialog.showModal();
  }

  #saveRules() {
    const { elements } = this.rulesDialog.querySelector("form");
    const frame = { type: "change_settings" };
    for (const name of NUMBERS) {
      // A value of the API's that is not among ours selects nothing, and stays.
      frame[name] = elements[name].value === "" ? null : Number(elements[name].value);
    }
    for (const name of ["links", "emoji_only", "frozen"]) {
      frame[name] = elements[name].checked;
    }
    this.send(frame);
  }

  #rules(settings) {
    this.settings = settings;
    const note = this.root.querySelector("[data-rules]");
    const words = inWords(settings);
    note.hidden = !words;
    say(note, words);
    this.#mayWrite();
  }

  #pinned(message) {
    const bar = this.root.querySelector("[data-pinned]");
    bar.hidden = !message;
    say(bar.querySelector("[data-pinned-by]"), message?.username ?? "");
    say(bar.querySelector("[data-pinned-words]"), message?.message ?? "");
    bar.querySelector("[data-unpin]").hidden = !this.moderates;
  }

  #timedOut(until) {
    this.timer?.stop();
    const note = this.root.querySelector("[data-timeout]");
    this.held = until !== null && until > Date.now() + this.skewMs;
    note.hidden = !this.held;
    this.#mayWrite();
    if (!this.held) {
      return;
    }
    say(note.querySelector("[data-timeout-words]"), `You have a time-out. You can write again at ${shortTime(until)}.`);
    this.timer = countDown(
      until,
      (seconds) => {
        say(note.querySelector("[data-timeout-clock]"), clockText(Math.max(0, Math.ceil(seconds))));
        if (seconds <= 0) {
          this.#timedOut(null);
        }
      },
      this.skewMs,
    );
  }

  #mayWrite() {
    this.input.disabled = this.held || (this.settings.frozen && !this.moderates);
  }
}
