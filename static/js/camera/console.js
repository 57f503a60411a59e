/** On air: what an instructor reads from three metres, and what she does with one touch. */

import { offAir, onAir } from "./camera-choices.js";
import { ConsoleActs } from "./console-acts.js";
import { timesFor, wordsFor } from "./console-state.js";
import { find, make, say } from "../lib/dom.js";
import { quality, SignalStats } from "../webrtc/signal-stats.js";
import { keepAwake } from "../lib/wake-lock.js";

const QUESTIONS = 3;
/** @type {Record<import("./capture.js").Kind, string>} why a device is away; empty while it is here */
const HELD = { video: "", audio: "" };
// So many seconds in a row make a verdict: one bad second is no bad signal.
const STEADY = 3;

/**
 * @typedef {object} Needed
 * @property {import("./capture.js").Capture} capture
 * @property {import("./publisher.js").Publisher} publisher
 * @property {import("./camera-room.js").CameraRoom} room
 * @property {DOMStringMap} data of the page's root
 * @property {(name: "start" | "end") => Promise<unknown>} act by the API
 * @property {() => void} checks goes back to the checks before the class
 */

export class Console {
  running = false;
  /** The last word on the signal, and for how many seconds it has been the same. */
  word = "";
  same = 0;
  away = { ...HELD };
  /** @type {{ state: string, words: string }} */
  sending = { state: "idle", words: "" };

  /**
   * @param {HTMLElement} part
   * @param {Needed} needed
   */
  constructor(part, { capture, publisher, room, data, act, checks }) {
    this.part = part;
    this.capture = capture;
    this.publisher = publisher;
    this.room = room;
    this.data = data;
    this.video = find(part, "[data-preview]", HTMLVideoElement);
    this.stats = new SignalStats();
    this.acts = new ConsoleActs(part, { capture, act, checks, note: (words) => this.#note(words) });
    /** @param {Event} event */
    this.leaving = (event) => event.preventDefault();
    keepAwake(this.video);
    publisher.on("state", (sending) => this.#sending(sending));
    publisher.on("bridge", (frame) => this.#bridge(frame));
    capture.on("audio", () => this.running && capture.audio && publisher.replace(capture.audio));
    capture.on("lost", ({ kind, fault }) => this.#away(kind, fault || "away"));
    capture.on("found", ({ kind }) => this.#away(kind, ""));
    capture.on("change", () => this.#changed());
    room.on("stream", () => this.show());
    room.on("people", (count) => say(find(part, "[data-people-count]"), String(count)));
    room.on("questions", (open) => this.#questions(open));
  }

  /**
   * Begins the broadcast; devices must be open.
   * @param {import("./camera-choices.js").OnAir | null} before what a reload interrupted
   */
  begin(before) {
    this.running = true;
    this.away = { ...HELD };
    this.capture.mute(before?.muted ?? this.capture.muted);
    this.capture.pause(before?.paused ?? this.capture.paused);
    this.#preview();
    globalThis.addEventListener("beforeunload", this.leaving);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.#second(), 1000);
    const { video, audio, choices } = this.capture;
    if (audio) {
      this.publisher.publish({ video, audio, music: choices.music });
    }
    this.show();
  }

  end() {
    this.running = false;
    clearInterval(this.timer);
    globalThis.removeEventListener("beforeunload", this.leaving);
    this.video.srcObject = null;
    offAir();
  }

  /** The state, the times and the buttons, as they are now. */
  show() {
    /** @type {import("./console-state.js").Timed} */
    const stream = this.room.stream ?? {
      state: /** @type {Room.StreamState} */ (this.data.state),
      started_at: null,
      reconnect_until: null,
    };
    const now = Date.now() + this.room.skewMs;
    const { capture, part } = this;
    const [lost] = Object.entries(this.away).filter(([, fault]) => fault);
    const { title, words, look } = wordsFor({
      stream,
      sending: this.sending,
      paused: capture.paused,
      muted: capture.muted,
      sharing: capture.sharing,
      lost: lost ? { kind: lost[0], fault: lost[1] } : null,
    });
    find(part, "[data-console-state]").dataset.look = look;
    say(find(part, "[data-state-title]"), title);
    say(find(part, "[data-state-words]"), words);
    const { startsAt = "", endsAt = "" } = this.data;
    this.#times(timesFor(stream, { startsAt, endsAt, now }));
    this.acts.show(stream);
  }

  /** @param {ReturnType<typeof timesFor>} times */
  #times({ clockLabel, clock, leftLabel, left }) {
    say(find(this.part, "[data-clock-label]"), clockLabel);
    say(find(this.part, "[data-clock]"), clock);
    say(find(this.part, "[data-left-label]"), leftLabel);
    const digits = find(this.part, "[data-left]");
    say(digits, left);
    digits.parentElement?.toggleAttribute("hidden", !left);
  }

  async #second() {
    onAir(this.data.streamId, { muted: this.capture.muted, paused: this.capture.paused });
    this.show();
    const report = await this.publisher.stats();
    const figures = report && this.sending.state === "up" ? this.stats.read(report) : null;
    if (figures) {
      this.#signal(quality(figures, this.capture.compositor.fps));
    }
  }

  /**
   * Shows a verdict that has held for some seconds.
   * @param {ReturnType<typeof quality>} found
   */
  #signal(found) {
    this.same = found.word === this.word ? this.same + 1 : 1;
    this.word = found.word;
    const box = find(this.part, "[data-signal]");
    if (this.same >= STEADY || box.dataset.look === "wait") {
      box.dataset.look = found.look;
      say(find(this.part, "[data-signal-word]"), found.word);
      say(find(this.part, "[data-signal-cure]"), found.cure);
    }
  }

  /** @param {import("./publisher.js").Sending} detail */
  #sending(detail) {
    if (this.sending.state !== detail.state) {
      this.stats.reset();
    }
    this.sending = detail;
    if (detail.state !== "up") {
      find(this.part, "[data-signal]").dataset.look = "wait";
      say(find(this.part, "[data-signal-word]"), "...");
      say(find(this.part, "[data-signal-cure]"), "");
    }
    if (this.running) {
      this.show();
    }
  }

  /** @param {Signal.Bridge} frame */
  #bridge({ state, words }) {
    this.#note(state === "failed" ? `Your picture does not reach everybody yet. ${words}` : "");
  }

  /**
   * @param {import("./capture.js").Kind} kind
   * @param {string} fault empty when it is back
   */
  #away(kind, fault) {
    this.away[kind] = fault;
    this.show();
  }

  #changed() {
    if (this.running) {
      this.#preview();
      this.show();
    }
  }

  #preview() {
    const { video, choices, selfie } = this.capture;
    const { srcObject } = this.video;
    if (!(srcObject instanceof MediaStream) || srcObject.getVideoTracks()[0] !== video) {
      this.video.srcObject = new MediaStream([video]);
      this.video.play().catch(() => {});
    }
    find(this.part, ".camera-picture").classList.toggle("mirrored", choices.mirror && selfie);
    find(this.part, "[data-turn]").hidden = !this.capture.upright;
  }

  /** @param {Room.Question[]} open */
  #questions(open) {
    const rows = open
      .slice(0, QUESTIONS)
      .map(({ username, question }) =>
        make("li", {}, make("p", { dir: "auto" }, question), make("span", { class: "muted", dir: "auto" }, username)),
      );
    find(this.part, "[data-questions]").replaceChildren(...rows);
    find(this.part, "[data-no-questions]").hidden = rows.length > 0;
  }

  /** @param {string} words */
  #note(words) {
    const note = find(this.part, "[data-note]");
    note.hidden = !words;
    say(note, words);
  }
}
