/** Publishes a picture to the SFU: mends the connection, or makes a new one when it cannot be mended. */

import { Backoff } from "../lib/backoff.js";
import { Emitter } from "../lib/emitter.js";
import { OutgoingPeer } from "../webrtc/outgoing-peer.js";
import { CAPTURE_FORMAT } from "./capture-format.js";

// A connection often comes back by itself; a restart before would only cost a round trip.
const BLIP_MS = 1500;
const RESTART_TIMEOUT_MS = 6000;
const ANSWER_TIMEOUT_MS = 12000;

// Refusals that pass: asking again helps.
const PASSING = [
  "webrtc:unavailable",
  "webrtc:full",
  "webrtc:flood",
  "webrtc:peer",
  "webrtc:candidate",
  "unavailable",
];
const MENDED = "We connect again by ourselves.";

/**
 * @typedef {"idle" | "connecting" | "up" | "mending" | "waiting" | "refused" | "replaced"} State
 * @typedef {{ state: State, code: string, words: string }} Sending
 */

/**
 * Events: "state", and "bridge" (detail: the protocol's frame). After refused and replaced nothing happens until publish() is
 * called again.
 * @extends {Emitter<{ state: Sending, bridge: Signal.Bridge }>}
 */
export class Publisher extends Emitter {
  /** @type {State} */
  state = "idle";
  /** @type {import("../webrtc/outgoing-peer.js").Sent | null} what is to be sent */
  wanted = null;
  /** @type {OutgoingPeer | null} */
  peer = null;

  /** @param {import("../webrtc/signalling.js").Signalling} line connected or not */
  constructor(line) {
    super();
    this.line = line;
    this.backoff = new Backoff({ first: 500, most: 8000 });
    line.on("hello", () => this.#anew());
    line.on("answer", (answer) => this.#answered(answer));
    line.on("up", (frame) => this.#mine(frame) && this.#stands());
    line.on("reconnect", (frame) => this.#mine(frame) && this.#later());
    line.on("error", (refusal) => this.#refused(refusal));
    line.on("bridge", (frame) => this.tell("bridge", frame));
    line.on("status", (status) => this.#lineIs(status));
  }

  /**
   * Starts sending these tracks.
   * @param {import("../webrtc/outgoing-peer.js").Sent} sent
   */
  publish(sent) {
    this.wanted = { ...sent };
    this.#anew();
  }

  /**
   * Another track of the same kind, also for every later connection.
   * @param {MediaStreamTrack} track
   */
  async replace(track) {
    if (this.wanted) {
      this.wanted[track.kind === "video" ? "video" : "audio"] = track;
      // A connection that has just closed cannot replace it; the next one begins with the new track.
      await this.peer?.replace(track).catch(() => {});
    }
  }

  /** Stops sending; the signalling line stays open. */
  stop() {
    this.wanted = null;
    this.#drop();
    this.#become("idle");
  }

  /** The browser's report on what is sent, or null. */
  async stats() {
    return (await this.peer?.stats().catch(() => null)) ?? null;
  }

  /** @param {{ sid?: string }} frame */
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
    const { hello } = this.line;
    if (!hello) {
      return; // the next hello calls this again
    }
    if (hello.ice_expires_at && hello.ice_expires_at < Date.now()) {
      this.line.connect(); // for fresh credentials of the relay
      return;
    }
    const peer = new OutgoingPeer({ hello, format: CAPTURE_FORMAT, ...this.wanted });
    this.peer = peer;
    peer.on("candidate", (candidate) => {
      this.line.send({ type: "candidate", sid: peer.sid, candidate });
    });
    peer.on("state", (state) => peer === this.peer && this.#peerIs(peer, state));
    this.#ask(peer, { type: "publish" }, ANSWER_TIMEOUT_MS);
  }

  /** @param {Signal.Description} answer */
  async #answered({ sid, sdp }) {
    const { peer } = this;
    if (!peer || (peer.sid && peer.sid !== sid)) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => peer.state !== "connected" && this.#anew(), ANSWER_TIMEOUT_MS);
    try {
      await peer.answered(sid, sdp);
    } catch {
      if (peer === this.peer) {
        this.#later();
      }
    }
  }

  /**
   * @param {OutgoingPeer} peer
   * @param {RTCPeerConnectionState} state
   */
  #peerIs(peer, state) {
    if (["connected", "disconnected", "failed"].includes(state)) {
      this.line.send({ type: "state", sid: peer.sid, state });
    }
    if (state === "connected") {
      this.#stands();
    } else if (state === "disconnected") {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#mend(peer), BLIP_MS);
    } else if (state === "failed") {
      this.#anew();
    }
  }

  /** @param {OutgoingPeer} peer */
  #mend(peer) {
    this.#become("mending", "", `Your connection was cut. ${MENDED}`);
    this.#ask(peer, { type: "restart", sid: peer.sid }, RESTART_TIMEOUT_MS);
  }

  /**
   * Sends the frame with an offer of this peer, and makes a new connection when there is no answer in time.
   * @param {OutgoingPeer} peer
   * @param {{ type: "publish" } | { type: "restart", sid: string }} frame
   * @param {number} timeout
   */
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

  /** @param {Signal.Refusal} error */
  #refused(error) {
    const ours = error.sid ? this.#mine(error) : error.for === "publish" || error.for === "restart";
    if (!ours || !this.wanted) {
      return;
    }
    if (PASSING.includes(error.code)) {
      this.#later(error);
    } else {
      this.#end(error.code === "webrtc:replaced" ? "replaced" : "refused", error);
    }
  }

  /** @param {import("../lib/socket-line.js").Status} status */
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

  /**
   * @param {"refused" | "replaced"} state
   * @param {{ code: string, message: string }} error
   */
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

  /** @param {State} state */
  #become(state, code = "", words = "") {
    this.state = state;
    this.tell("state", { state, code, words });
  }
}
