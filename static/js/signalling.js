/**
 * The signalling socket of WebRTC (docs/websocket.md, /webrtc/): connects, pings, comes back after a drop.
 *
 * Events: one per frame type ("hello", "answer", "offer", ...; detail: the frame), and "status" (detail: {state, words,
 * code}), state being connecting | open | waiting | closed. "open" comes with each hello: every peer connection of before
 * is over then. After "closed" it does not come back by itself.
 */

import { Backoff } from "./backoff.js";

const PING_EVERY = 2000;
const SILENCE = 6000;
// A first hello may wait for a busy server or a slow phone network; a standing line may not.
const OPENING = 12000;
const FLOODED = 10000;

const FINAL = {
  4400: "This page and our server do not understand each other. Reload the page.",
  4403: "This class is not open to you any more.",
  4404: "This class is gone. Go back to your schedule to find your next class.",
};
const PASSING = {
  4408: "We did not hear from this device. We connect again now.",
  4429: "That was a lot at once. We connect again in a moment.",
  1011: "Our side stumbled. We connect again by ourselves.",
};
const DROPPED = "The line to our server is cut. We reconnect by ourselves.";

export class Signalling extends EventTarget {
  /** `renew()` resolves to a fresh address with its token, or throws an ApiError when the person may not any more. */
  constructor({ address, renew }) {
    super();
    this.address = address;
    this.renew = renew;
    /** The last hello, or null while the line is down. */
    this.hello = null;
    this.backoff = new Backoff();
    this.online = () => this.#soon(0);
    globalThis.addEventListener("online", this.online);
  }

  get open() {
    return this.hello !== null;
  }

  /** Also on a standing line: starts over, for fresh ICE servers. */
  connect() {
    if (this.ended) {
      return;
    }
    this.#clear();
    this.#status("connecting", "Connecting...");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("message", (event) => socket === this.socket && this.#read(event.data));
    socket.addEventListener("close", (event) => socket === this.socket && this.#dropped(event.code));
    this.#listenForSilence(OPENING);
  }

  /** False when the frame could not leave. */
  send(frame) {
    if (!this.open || this.socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  close(words = "", code = 0) {
    if (this.ended) {
      return;
    }
    this.ended = true;
    globalThis.removeEventListener("online", this.online);
    this.#clear();
    this.#status("closed", words, code);
  }

  #read(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    this.#listenForSilence(SILENCE);
    if (frame.type === "hello") {
      this.hello = frame;
      this.backoff.reset();
      this.#startPinging();
      this.#status("open", "");
    }
    this.dispatchEvent(new CustomEvent(frame.type, { detail: frame }));
  }

  #dropped(code) {
    this.#clear();
    if (FINAL[code]) {
      this.close(FINAL[code], code);
    } else if (code === 4401) {
      this.#renewThenConnect();
    } else {
      this.#status("waiting", PASSING[code] ?? DROPPED, code);
      this.#soon(code === 4429 ? FLOODED : this.backoff.next());
    }
  }

  async #renewThenConnect() {
    this.#status("waiting", "Renewing your way in...", 4401);
    try {
      this.address = await this.renew();
      this.#soon(this.backoff.next());
    } catch (error) {
      if (error.passing) {
        this.#status("waiting", error.message, 4401);
        this.timer = setTimeout(() => this.#renewThenConnect(), this.backoff.next());
      } else {
        this.close(error.message, 4401);
      }
    }
  }

  #soon(wait) {
    if (!this.ended && this.socket?.readyState !== WebSocket.OPEN) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.connect(), wait);
    }
  }

  /** The server ends a silent client after 5 s; each pong tells us that the line stands. */
  #startPinging() {
    clearInterval(this.pinger);
    this.pinger = setInterval(() => this.send({ type: "ping", at: Date.now() }), PING_EVERY);
  }

  /** A dead network closes nothing: silence does. */
  #listenForSilence(patience) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#dropped(0), patience);
  }

  #status(state, words, code = 0) {
    this.dispatchEvent(new CustomEvent("status", { detail: { state, words, code } }));
  }

  #clear() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    clearInterval(this.pinger);
    this.hello = null;
    const old = this.socket;
    this.socket = null;
    old?.close();
  }
}
