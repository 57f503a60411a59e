/** Moderating the chat: the dialog of a message, the rules of the room, the pinned message, one's own time-out. */

import { all, around, find, say } from "../lib/dom.js";
import { moderates } from "../lib/roles.js";
import { clockText, countDown, shortTime } from "../lib/time.js";

/** @type {Room.Role[]} */
const RUNS = ["instructor", "owner", "operator"];
/** @type {Room.Role[]} */
const OWNS = ["owner", "operator"];
/** @type {("slow_seconds" | "established_days" | "delay_seconds")[]} */
const NUMBERS = ["slow_seconds", "established_days", "delay_seconds"];
/** @type {("links" | "emoji_only" | "frozen")[]} */
const FLAGS = ["links", "emoji_only", "frozen"];
/** @type {Record<string, "delete_message" | "restore_message" | "pin_message">} */
const ON_MESSAGE = { delete: "delete_message", restore: "restore_message", pin: "pin_message" };

/**
 * The rules in words, as members read them.
 * @param {Room.Settings} settings
 */
export function rulesInWords({ slow_seconds: slow, established_days: days, delay_seconds: delay, ...flags }) {
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
  skewMs = 0;
  moderates = false;
  /** @type {Room.Role} the reader's */
  role = "member";
  /** @type {Room.Settings | null} */
  settings = null;
  /** @type {{ id: number, userId: number | null } | null} what the dialog is about */
  message = null;
  /** The reader has a time-out. */
  held = false;

  /**
   * @param {HTMLElement} root the chat
   * @param {Room.Send} send
   */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.input = find(root, "#chat-say", HTMLInputElement);
    this.dialog = find(root, "[data-moderation]", HTMLDialogElement);
    this.reason = find(this.dialog, "[data-moderation-reason]", HTMLInputElement);
    this.rulesDialog = find(root, "[data-room-rules]", HTMLDialogElement);
    this.dialog.addEventListener("click", (event) => this.#act(around(event, "[data-act]")));
    find(root, "[data-open-rules]").addEventListener("click", () => this.#openRules());
    find(root, "[data-unpin]").addEventListener("click", () => this.send({ type: "unpin_message" }));
    this.rulesDialog.addEventListener("close", () => this.rulesDialog.returnValue === "yes" && this.#saveRules());
  }

  /** @param {Room.Welcome} frame */
  welcome({ you, settings, pinned, timed_out_until: until, server_time: now }) {
    this.role = you.role;
    this.moderates = moderates(you.role);
    this.skewMs = now - Date.now();
    find(this.root, "[data-open-rules]").hidden = !this.moderates;
    this.#rules(settings);
    this.#pinned(pinned);
    this.#timedOut(until);
  }

  /**
   * Takes a frame; true when it was one of ours.
   * @param {Room.Frame} frame
   */
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

  /**
   * Opens the dialog for somebody's message, as the message is now.
   * @param {import("./message-row.js").Shown} message
   * @param {{ words: string, deleted: boolean }} now
   */
  open({ id, user_id: userId = null, username, role }, { words, deleted }) {
    if (id === undefined) {
      return;
    }
    this.message = { id, userId };
    say(find(this.dialog, "[data-moderation-title]"), "Message");
    say(find(this.dialog, "[data-moderation-words]"), words);
    say(find(this.dialog, "[data-moderation-name]"), username);
    this.reason.value = "";
    find(this.dialog, "[data-moderation-person]").hidden = !userId || (role !== undefined && RUNS.includes(role));
    this.#offer("delete", !deleted);
    this.#offer("pin", !deleted);
    this.#offer("restore", deleted);
    find(this.dialog, "details", HTMLDetailsElement).open = false;
    for (const button of all(this.dialog, "[data-for]")) {
      button.hidden = !(button.dataset.for === "owner" ? OWNS : RUNS).includes(this.role);
    }
    this.dialog.showModal();
  }

  /**
   * @param {string} act
   * @param {boolean} may
   */
  #offer(act, may) {
    find(this.dialog, `[data-act="${act}"]`).hidden = !may;
  }

  /** @param {HTMLElement | null} button */
  #act(button) {
    if (!button || !this.message) {
      return;
    }
    const { act = "", minutes } = button.dataset;
    const { id, userId } = this.message;
    if (ON_MESSAGE[act]) {
      this.send({ type: ON_MESSAGE[act], id });
    } else {
      const time = minutes ? { minutes: Number(minutes) } : {};
      this.send({ type: "moderate", action: act, user_id: userId, reason: this.reason.value.trim(), ...time });
    }
    this.dialog.close();
  }

  /** @param {string} name */
  #number(name) {
    return find(this.rulesDialog, `[name=${name}]`, HTMLSelectElement);
  }

  /** @param {string} name */
  #flag(name) {
    return find(this.rulesDialog, `[name=${name}]`, HTMLInputElement);
  }

  #openRules() {
    if (!this.settings) {
      return;
    }
    for (const name of NUMBERS) {
      this.#number(name).value = String(this.settings[name]);
    }
    for (const name of FLAGS) {
      this.#flag(name).checked = this.settings[name];
    }
    this.rulesDialog.returnValue = "";
    this.rulesDialog.showModal();
  }

  #saveRules() {
    /** @type {Room.SettingsChange} */
    const changes = {};
    for (const name of NUMBERS) {
      // A value set by the API that is not among our options selects nothing; null leaves it as it is.
      const { value } = this.#number(name);
      changes[name] = value === "" ? null : Number(value);
    }
    for (const name of FLAGS) {
      changes[name] = this.#flag(name).checked;
    }
    this.send({ type: "change_settings", ...changes });
  }

  /** @param {Room.Settings} settings */
  #rules(settings) {
    this.settings = settings;
    const note = find(this.root, "[data-rules]");
    const words = rulesInWords(settings);
    note.hidden = !words;
    say(note, words);
    this.#mayWrite();
  }

  /** @param {Room.Message | null} message */
  #pinned(message) {
    const bar = find(this.root, "[data-pinned]");
    bar.hidden = !message;
    say(find(bar, "[data-pinned-by]"), message?.username ?? "");
    say(find(bar, "[data-pinned-words]"), message?.message ?? "");
    find(bar, "[data-unpin]").hidden = !this.moderates;
  }

  /** @param {number | null} until */
  #timedOut(until) {
    this.timer?.stop();
    const note = find(this.root, "[data-timeout]");
    this.held = until !== null && until > Date.now() + this.skewMs;
    note.hidden = !this.held;
    this.#mayWrite();
    if (until === null || !this.held) {
      return;
    }
    say(find(note, "[data-timeout-words]"), `You have a time-out. You can write again at ${shortTime(until)}.`);
    this.timer = countDown(
      until,
      (seconds) => {
        say(find(note, "[data-timeout-clock]"), clockText(Math.max(0, Math.ceil(seconds))));
        if (seconds <= 0) {
          this.#timedOut(null);
        }
      },
      this.skewMs,
    );
  }

  #mayWrite() {
    this.input.disabled = this.held || (Boolean(this.settings?.frozen) && !this.moderates);
  }
}
