/**
 * Keeps a picture on its way to the SFU: publishes, mends the connection, begins anew when it cannot be mended.
 *
 * Events: "state" (detail: {state, code, words}; state: idle | connecting | up | mending | waiting | refused | replaced)
 * and "bridge" (detail: the protocol's frame). After refused and replaced nothing happens until publish() is called again.
 */

import { Backoff } from "../lib/backoff.js";
import { CAPTURE_FORMAT } from "./capture-format.js";
import { OutgoingPeer } from "../webrtc/outgoing-peer.js";

// A connection often comes back by itself; a restart before would only cost a round trip.
const BLIP = 1500;
const MENDING = 6000;
const ANSWERING = 12000;

// Our side cannot take it yet: asking again helps.
const PASSING = ["webrtc:unavailable", "webrtc:full", "webrtc:flood", "webrtc:peer", "webrtc:candidate", "unavailable"];
const MENDED = "We connect again by ourselves.";

export class Publisher extends EventTarget {
  /** `line`: a Signalling, connected or not. */
  constructor(line) {
    super();
    this.line = line;
    this.backoff = new Backoff({ first: 500, most: 8000 });
    this.state = "idle";
    line.addEventListener("hello", () => this.#anew());
    line.addEventListener("answer", ({ detail }) => this.#answered(detail));
    line.addEventListener("up", ({ detail }) => this.#mine(detail) && this.#stands());
    line.addEventListener("reconnect", ({ detail }) => this.#mine(detail) && this.#later());
    line.addEventListener("error", ({ detail }) => this.#refused(detail));
    line.addEventListener("bridge", ({ detail }) => this.dispatchEvent(new CustomEvent("bridge", { detail })));
    line.addEventListener("status", ({ detail }) => this.#lineIs(detail));
  }

  /** Sends these tracks from now on. `music`: how the sound is encoded. */
  publish({ video, audio, music }) {
    this.wanted = { video, audio, music };
    this.#anew();
  }

  /** Another track of the same kind, also for every later connection. */
  async replace(track) {
    if (this.wanted) {
      this.wanted[track.kind] = track;
      // A connection that closes meanwhile has nothing to replace; the next one begins with the new track.
      await this.peer?.replace(track).catch(() => {});
    }
  }

  /** Ends what is sent; the line stays. */
  stop() {
    this.wanted = null;
    this.#drop();
    this.#become("idle");
  }

  /** The browser's report on what is sent, or null. */
  stats() {
    return this.peer?.stats().catch(() => null) ?? null;
  }

  #mine({ sid }) {
    return Boolean(sid) && sid === this.peer?.sid;
  }

  #anew() {
    clearTimeout(this.timer);
    if (!this.wanted) {
      return;
    }
    this.#drop();
    this.#become("connecting");
    if (!this.line.open) {
      return; // its hello comes back here
    }
    if (this.line.hello.ice_expires_at && this.line.hello.ice_expires_at < Date.now()) {
      this.line.connect(); // for fresh credentials of the relay
      return;
    }
    const peer = new OutgoingPeer({ hello: this.line.hello, format: CAPTURE_FORMAT, ...this.wanted });
    this.peer = peer;
    peer.addEventListener("candidate", ({ detail: candidate }) => {
      this.line.send({ type: "candidate", sid: peer.sid, candidate });
    });
    peer.addEventListener("state", ({ detail }) => peer === this.peer && this.#peerIs(detail));
    this.#ask(peer, { type: "publish" }, ANSWERING);
  }

  async #answered({ sid, sdp }) {
    const { peer } = this;
    if (!peer || (peer.sid && peer.sid !== sid)) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => peer.state !== "connected" && this.#anew(), ANSWERING);
    try {
      await peer.answered(sid, sdp);
    } catch {
      if (peer === this.peer) {
        this.#later();
      }
    }
  }

  #peerIs(state) {
    if (["connected", "disconnected", "failed"].includes(state)) {
      this.line.send({ type: "state", sid: this.peer.sid, state });
    }
    if (state === "connected") {
      this.#stands();
    } else if (state === "disconnected") {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#mend(), BLIP);
    } else if (state === "failed") {
      this.#anew();
    }
  }

  #mend() {
    this.#become("mending", "", `Your connection was cut. ${MENDED}`);
    this.#ask(this.peer, { type: "restart", sid: this.peer.sid }, MENDING);
  }

  /** Sends the frame with an offer of this peer; begins anew when nothing comes of it. */
  async #ask(peer, frame, timeout) {
    try {
      const sdp = await peer.offer({ restart: frame.type === "restart" });
      if (peer === this.peer) {
        this.line.send({ ...frame, sdp });
        this.timer = setTimeout(() => this.#anew(), timeout);
      }
    } catch {
      if (peer === this.peer) {
        this.#later();
      }
    }
  }

  #stands() {
    clearTimeout(this.timer);
    this.backoff.reset();
    this.#become("up");
  }

  #refused(error) {
    const ours = error.sid ? this.#mine(error) : ["publish", "restart"].includes(error.for);
    if (!ours || !this.wanted) {
      return;
    }
    if (PASSING.includes(error.code)) {
      this.#later(error);
    } else {
      this.#end(error.code === "webrtc:replaced" ? "replaced" : "refused", error);
    }
  }

  #lineIs({ state, words, code }) {
    if (state === "closed" && this.wanted) {
      this.#end("refused", { code: `line:${code}`, message: words });
    } else if (state === "waiting" && this.wanted) {
      this.#drop();
      this.#become("waiting", "line", words);
    }
  }

  #later({ code = "", message = MENDED, retry_after: wait = 0 } = {}) {
    this.#drop();
    this.#become("waiting", code, message);
    this.timer = setTimeout(() => this.#anew(), Math.max(this.backoff.next(), wait * 1000));
  }

  #end(state, { code, message }) {
    this.wanted = null;
    this.#drop();
    this.#become(state, code, message);
  }

  #drop() {
    clearTimeout(this.timer);
    if (this.peer?.sid) {
      this.line.send({ type: "leave", sid: this.peer.sid });
    }
    this.peer?.close();
    this.peer = null;
  }

  #become(state, code = "", words = "") {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, code, words } }));
  }
}
