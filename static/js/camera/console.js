/** On air: what an instructor reads from three metres, and what she does with one touch. */

import { offAir, onAir } from "./camera-choices.js";
import { ConsoleActs } from "./console-acts.js";
import { timesFor, wordsFor } from "./console-state.js";
import { make, say } from "../lib/dom.js";
import { quality, SignalStats } from "../webrtc/signal-stats.js";
import { keepAwake } from "../lib/wake-lock.js";

const QUESTIONS = 3;
const HELD = { video: false, audio: false };
// One bad second is no bad signal.
const STEADY = 3;

export class Console {
  /** `act(name)`: start or end by the API. `checks()`: back to the checks before the class. */
  constructor(part, { capture, publisher, room, data, act, checks }) {
    Object.assign(this, { part, capture, publisher, room, data });
    this.video = part.querySelector("[data-preview]");
    this.stats = new SignalStats();
    this.sending = { state: "idle", words: "" };
    this.away = { ...HELD };
    this.acts = new ConsoleActs(part, { capture, act, checks, note: (words) => this.#note(words) });
    this.leaving = (event) => event.preventDefault();
    keepAwake(this.video);
    publisher.addEventListener("state", ({ detail }) => this.#sending(detail));
    publisher.addEventListener("bridge", ({ detail }) => this.#bridge(detail));
    capture.addEventListener("audio", () => this.running && publisher.replace(capture.audio));
    capture.addEventListener("lost", ({ detail }) => this.#away(detail.kind, detail.fault || "away"));
    capture.addEventListener("found", ({ detail }) => this.#away(detail.kind, false));
    capture.addEventListener("change", () => this.#changed());
    room.addEventListener("stream", () => this.show());
    room.addEventListener("people", ({ detail }) => say(part.querySelector("[data-people-count]"), String(detail)));
    room.addEventListener("questions", ({ detail }) => this.#questions(detail));
  }

  /** With devices open. `before`: what a reload interrupted, or null. */
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
    this.publisher.publish({ video, audio, music: choices.music });
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
    const stream = this.room.stream ?? { state: this.data.state };
    const now = Date.now() + this.room.skewMs;
    const { capture, part } = this;
    const kind = Object.keys(this.away).find((one) => this.away[one]);
    const { title, words, look } = wordsFor({
      stream,
      sending: this.sending,
      paused: capture.paused,
      muted: capture.muted,
      sharing: capture.sharing,
      lost: kind ? { kind, fault: this.away[kind] } : null,
    });
    part.querySelector("[data-console-state]").dataset.look = look;
    say(part.querySelector("[data-state-title]"), title);
    say(part.querySelector("[data-state-words]"), words);
    this.#times(timesFor(stream, { startsAt: this.data.startsAt, endsAt: this.data.endsAt, now }));
    this.acts.show(stream);
  }

  #times({ clockLabel, clock, leftLabel, left }) {
    say(this.part.querySelector("[data-clock-label]"), clockLabel);
    say(this.part.querySelector("[data-clock]"), clock);
    say(this.part.querySelector("[data-left-label]"), leftLabel);
    say(this.part.querySelector("[data-left]"), left);
    this.part.querySelector("[data-left]").parentElement.hidden = !left;
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

  /** Told when it has been so for some seconds. */
  #signal(found) {
    this.same = found.word === this.word ? this.same + 1 : 1;
    this.word = found.word;
    const box = this.part.querySelector("[data-signal]");
    if (this.same >= STEADY || box.dataset.look === "wait") {
      box.dataset.look = found.look;
      say(this.part.querySelector("[data-signal-word]"), found.word);
      say(this.part.querySelector("[data-signal-cure]"), found.cure);
    }
  }

  #sending(detail) {
    if (this.sending.state !== detail.state) {
      this.stats.reset();
    }
    this.sending = detail;
    if (detail.state !== "up") {
      this.part.querySelector("[data-signal]").dataset.look = "wait";
      say(this.part.querySelector("[data-signal-word]"), "...");
      say(this.part.querySelector("[data-signal-cure]"), "");
    }
    if (this.running) {
      this.show();
    }
  }

  #bridge({ state, words }) {
    this.#note(state === "failed" ? `Your picture does not reach everybody yet. ${words}` : "");
  }

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
    if (this.video.srcObject?.getVideoTracks()[0] !== video) {
      this.video.srcObject = new MediaStream([video]);
      this.video.play().catch(() => {});
    }
    this.part.querySelector(".camera-picture").classList.toggle("mirrored", choices.mirror && selfie);
    this.part.querySelector("[data-turn]").hidden = !this.capture.upright;
  }

  #questions(open) {
    const rows = open.slice(0, QUESTIONS).map(({ username, question }) =>
      make("li", {}, make("p", { dir: "auto" }, question), make("span", { class: "muted", dir: "auto" }, username)),
    );
    this.part.querySelector("[data-questions]").replaceChildren(...rows);
    this.part.querySelector("[data-no-questions]").hidden = rows.length > 0;
  }

  #note(words) {
    const note = this.part.querySelector("[data-note]");
    note.hidden = !words;
    say(note, words);
  }
}
