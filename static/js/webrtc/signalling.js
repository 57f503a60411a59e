/**
 * The signalling socket of WebRTC (docs/webrtc.md, /webrtc/).
 *
 * Events: one per frame type ("hello", "answer", "offer", ...; detail: the frame), and "status" as of SocketLine. "open"
 * comes with each hello: every peer connection of before is over then.
 */

import { SocketLine } from "../lib/socket-line.js";

/** @type {import("../lib/socket-line.js").Policy} */
const POLICY = {
  // The server ends a silent client after 5 s; each pong tells us that the line stands.
  ping: () => ({ type: "ping", at: Date.now() }),
  pingEvery: 2000,
  silence: 6000,
  // A first hello may wait for a busy server or a slow phone network; a standing line may not.
  opening: 12000,
  final: {
    4400: "This page and our server do not understand each other. Reload the page.",
    4403: "This class is not open to you any more.",
    4404: "This class is gone. Go back to your schedule to find your next class.",
  },
  passing: {
    4408: "We did not hear from this device. We connect again now.",
    4429: "That was a lot at once. We connect again in a moment.",
    1011: "Our side stumbled. We connect again by ourselves.",
  },
  dropped: "You are offline. We reconnect by ourselves.",
  renewing: "Renewing your way in...",
};

/** @extends {SocketLine<Signal.Frames, Signal.Command>} */
export class Signalling extends SocketLine {
  /** @type {Signal.Hello | null} the last hello; null while the line is down */
  hello = null;

  /** @param {import("../lib/socket-line.js").Where} where */
  constructor(where) {
    super(where, POLICY);
  }

  get open() {
    return this.hello !== null;
  }

  /**
   * False when the frame could not leave; before the hello none does.
   * @param {Signal.Command} frame
   */
  send(frame) {
    return this.open && super.send(frame);
  }

  forget() {
    this.hello = null;
  }

  /** @param {string} data */
  read(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.type === "hello") {
      this.hello = frame;
      this.greeted();
    }
    this.dispatchEvent(new CustomEvent(frame.type, { detail: frame }));
  }
}
