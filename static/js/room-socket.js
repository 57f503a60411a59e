/**
 * The room's socket: connects, comes back after a drop, asks for what it missed.
 *
 * Events: "frame" (detail: one frame), "status" (detail: {state, words}), state being
 * connecting | open | waiting | closed. After "closed" it does not come back by itself.
 */

import { Backoff } from "./backoff.js";

const PING_EVERY = 20000;
const SILENCE = 45000;

const FINAL = {
  4403: "You are no longer in this class. If you left the club by mistake, join it again.",
  4404: "This room is gone. Go back to your schedule to find your next class.",
};
const PASSING = {
  4408: "You fell behind. We catch up now.",
  4429: "That was a lot at once. The talk comes back in a moment.",
  1009: "That message was too long to send.",
};
const DROPPED = "You are offline. We reconnect by ourselves; nothing is lost.";

export class RoomSocket extends EventTarget {
  /** `renew()` resolves to a fresh address with its token, or throws when the person may not be here any more. */
  constructor({ address, renew }) {
    super();
    this.address = address;
    this.renew = renew;
    this.backoff = new Backoff();
    this.lastSeq = 0;
    this.catchingUp = false;
    this.online = () => this.#soon(0);
    globalThis.addEventListener("online", this.online);
  }

  connect() {
    this.#clear();
    this.#status("connecting", "Connecting...");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("message", (event) => socket === this.socket && this.#read(event.data));
    socket.addEventListener("close", (event) => socket === this.socket && this.#dropped(event.code));
    this.#listenForSilence();
  }

  /** False when the frame could not leave: the caller keeps it. */
  send(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  close(words = "") {
    this.ended = true;
    globalThis.removeEventListener("online", this.online);
    this.#clear();
    this.#status("closed", words);
  }

  #read(data) {
    this.#listenForSilence();
    let frames;
    try {
      frames = [JSON.parse(data)].flat();
    } catch {
      return;
    }
    for (const frame of frames) {
      this.#track(frame);
      this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    }
  }

  /** Keeps the number of the last change seen, and asks for the gap after a return. */
  #track(frame) {
    if (frame.type === "welcome") {
      this.backoff.reset();
      this.#startPinging();
      this.catchingUp = this.lastSeq > 0 && frame.seq > this.lastSeq;
      if (this.catchingUp) {
        this.send({ type: "resync", after: this.lastSeq });
      } else {
        this.lastSeq = Math.max(this.lastSeq, frame.seq);
      }
      this.#status("open", "");
    } else if (frame.type === "refetch") {
      this.catchingUp = this.send({ type: "resync", after: this.lastSeq });
    } else if (frame.type === "resynced") {
      this.catchingUp = false;
      this.lastSeq = Math.max(this.lastSeq, frame.seq);
    } else if (frame.seq && !this.catchingUp) {
      this.lastSeq = Math.max(this.lastSeq, frame.seq);
    }
  }

  #dropped(code) {
    this.#clear();
    if (FINAL[code]) {
      this.close(FINAL[code]);
    } else if (code === 4401) {
      this.#renewThenConnect();
    } else {
      this.#status("waiting", PASSING[code] ?? DROPPED);
      this.#soon(code === 4429 ? 10000 : this.backoff.next());
    }
  }

  async #renewThenConnect() {
    this.#status("waiting", "Renewing your seat...");
    try {
      this.address = await this.renew();
      this.#soon(this.backoff.next());
    } catch (error) {
      if (error.passing) {
        this.#status("waiting", error.message);
        this.timer = setTimeout(() => this.#renewThenConnect(), this.backoff.next());
      } else {
        this.close(error.message);
      }
    }
  }

  #soon(wait) {
    if (!this.ended && this.socket?.readyState !== WebSocket.OPEN) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.connect(), wait);
    }
  }

  #startPinging() {
    clearInterval(this.pinger);
    this.pinger = setInterval(() => this.send({ type: "ping" }), PING_EVERY);
  }

  /** A sleeping laptop or a dead network closes nothing: silence does. */
  #listenForSilence() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#dropped(0), SILENCE);
  }

  #status(state, words) {
    this.dispatchEvent(new CustomEvent("status", { detail: { state, words } }));
  }

  #clear() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    clearInterval(this.pinger);
    const old = this.socket;
    this.socket = null;
    old?.close();
  }
}
