/**
 * What the site's sockets share: connect, ping, notice silence, renew the token, reconnect.
 *
 * Event "status" (detail: Status). After "closed" it does not come back by itself. A kind of line gives `read(data)`, calls
 * `greeted()` when it is let in, and may give `forget()`.
 */

import { apiError } from "./api.js";
import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";

/**
 * @typedef {object} Status
 * @property {"connecting" | "open" | "waiting" | "closed"} state
 * @property {string} words
 * @property {number} code the close code of the socket, 0 where there was none
 *
 * @typedef {object} Where
 * @property {string} address
 * @property {() => Promise<string>} renew resolves to a fresh address with its token, or throws an ApiError when the person
 *   may not be here any more
 *
 * @typedef {object} Policy how a kind of line behaves; times in milliseconds
 * @property {() => object} ping makes the frame that shows that we are here
 * @property {number} pingEvery
 * @property {number} silence how long the other side may say nothing
 * @property {number} opening how long the first frame may take
 * @property {Record<number, string>} final words by close code: after these it stays closed
 * @property {Record<number, string>} passing words by close code: after these it comes back
 * @property {string} dropped words for any other code
 * @property {string} renewing
 */

const FLOODED_MS = 10000;

/**
 * @template {object} Events
 * @template {object} Command
 * @extends {Emitter<Events & { status: Status }>}
 */
export class SocketLine extends Emitter {
  /** @type {WebSocket | null} */
  socket = null;
  ended = false;

  /**
   * @param {Where} where
   * @param {Policy} policy
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

  /** Connects; an open connection is closed and made anew. */
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
    socket.addEventListener("close", ({ code }) => {
      if (socket === this.socket) {
        this.#dropped(code);
      }
    });
    this.#listenForSilence(this.policy.opening);
  }

  /**
   * False when the frame could not leave: the caller keeps it.
   * @param {Command} frame
   */
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
    this.pinger = setInterval(() => this.send(/** @type {Command} */ (this.policy.ping())), this.policy.pingEvery);
    this.#status("open", "");
  }

  /**
   * Takes one text frame.
   * @param {string} _data
   */
  read(_data) {}

  /** Called when a connection ends: forget what belongs to it. */
  forget() {}

  /** @param {number} code */
  #dropped(code) {
    const { final, passing, dropped } = this.policy;
    this.#clear();
    if (final[code]) {
      this.close(final[code], code);
    } else if (code === 4401) {
      this.#renewThenConnect();
    } else {
      this.#status("waiting", passing[code] ?? dropped, code);
      this.#soon(code === 4429 ? FLOODED_MS : this.backoff.next());
    }
  }

  async #renewThenConnect() {
    this.#status("waiting", this.policy.renewing, 4401);
    try {
      this.address = await this.renew();
      this.#soon(this.backoff.next());
    } catch (error) {
      const { passing, message } = apiError(error);
      if (passing) {
        this.#status("waiting", message, 4401);
        this.timer = setTimeout(() => this.#renewThenConnect(), this.backoff.next());
      } else {
        this.close(message, 4401);
      }
    }
  }

  /** @param {number} wait */
  #soon(wait) {
    if (!this.ended && this.socket?.readyState !== WebSocket.OPEN) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.connect(), wait);
    }
  }

  /**
   * A sleeping laptop or a dead network does not close a socket, so silence counts as a close.
   * @param {number} timeout
   */
  #listenForSilence(timeout) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#dropped(0), timeout);
  }

  /**
   * @param {Status["state"]} state
   * @param {string} words
   */
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
