/**
 * What the site's sockets share: a line that connects, pings, hears silence, renews its token and comes back.
 *
 * Event "status" (detail: {state, words, code}), state being connecting | open | waiting | closed. After "closed" it does
 * not come back by itself. A kind of line gives `read(data)`, calls `greeted()` when it is let in, and may give `forget()`.
 */

import { Backoff } from "./backoff.js";

const FLOODED = 10000;

export class SocketLine extends EventTarget {
  /**
   * `renew()` resolves to a fresh address with its token, or throws an ApiError when the person may not be here any more.
   * `policy`: words by close code (`final`: it stays closed; `passing`), `dropped`, `renewing`, the `ping` frame's maker,
   * and in milliseconds `pingEvery`, `silence` and `opening`, how long the first frame may take.
   */
  constructor({ address, renew }, policy) {
    super();
    this.address = address;
    this.renew = renew;
    this.policy = policy;
    this.backoff = new Backoff();
    this.online = () => this.#soon(0);
    globalThis.addEventListener("online", this.online);
  }

  /** Also on a standing line: starts over. */
  connect() {
    if (this.ended) {
      return;
    }
    this.#clear();
    this.#status("connecting", "Connecting...");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.socket) {
        this.#listenForSilence(this.policy.silence);
        this.read(data);
      }
    });
    socket.addEventListener("close", (event) => socket === this.socket && this.#dropped(event.code));
    this.#listenForSilence(this.policy.opening);
  }

  /** False when the frame could not leave: the caller keeps it. */
  send(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) {
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

  greeted() {
    this.backoff.reset();
    clearInterval(this.pinger);
    this.pinger = setInterval(() => this.send(this.policy.ping()), this.policy.pingEvery);
    this.#status("open", "");
  }

  /** What holds for one connection alone is over. */
  forget() {}

  #dropped(code) {
    const { final, passing, dropped } = this.policy;
    this.#clear();
    if (final[code]) {
      this.close(final[code], code);
    } else if (code === 4401) {
      this.#renewThenConnect();
    } else {
      this.#status("waiting", passing[code] ?? dropped, code);
      this.#soon(code === 4429 ? FLOODED : this.backoff.next());
    }
  }

  async #renewThenConnect() {
    this.#status("waiting", this.policy.renewing, 4401);
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

  /** A sleeping laptop or a dead network closes nothing: silence does. */
  #listenForSilence(timeout) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#dropped(0), timeout);
  }

  #status(state, words, code = 0) {
    this.dispatchEvent(new CustomEvent("status", { detail: { state, words, code } }));
  }

  #clear() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    clearInterval(this.pinger);
    this.forget();
    const old = this.socket;
    this.socket = null;
    old?.close();
  }
}
