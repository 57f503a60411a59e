/**
 * One viewing by WebRTC: answers the server's offers (docs/webrtc.md), one RTCPeerConnection per `sid`.
 *
 * Events: "stream" (detail: a MediaStream, whose first frame is yet to come), "lost" (detail: why; the connection is over).
 */

import { Emitter } from "../lib/emitter.js";
import { inStereo } from "./sdp-edits.js";

const MENDING_MS = 3000;
const TOLD = ["connected", "disconnected", "failed"];

/**
 * @typedef {object} Numbers
 * @property {number} frames shown
 * @property {number} packets of the picture
 * @property {number} lost packets of the picture
 * @property {number} frozen seconds
 * @property {number} delay seconds on the way
 */

/** @extends {Emitter<{ stream: MediaStream, lost: string }>} */
export class ViewerPeer extends Emitter {
  /** @type {RTCPeerConnection | null} */
  connection = null;
  /** @type {string | null} */
  sid = null;

  /** @param {import("./signalling.js").Signalling} signalling */
  constructor(signalling) {
    super();
    this.signalling = signalling;
    this.listening = [
      signalling.on("offer", (offer) => this.#answer(offer).catch((error) => this.#lost(error.message))),
      signalling.on("candidate", (frame) => this.#candidate(frame)),
      signalling.on("reconnect", ({ sid, reason }) => sid === this.sid && this.#lost(reason)),
    ];
  }

  subscribe() {
    this.#drop();
    return this.signalling.send({ type: "subscribe" });
  }

  stop() {
    for (const end of this.listening) {
      end();
    }
    if (this.sid) {
      this.signalling.send({ type: "leave", sid: this.sid });
    }
    this.#drop();
  }

  /** What arrived so far. */
  async numbers() {
    /** @type {Numbers} */
    const found = { frames: 0, packets: 0, lost: 0, frozen: 0, delay: 0 };
    const reports = (await this.connection?.getStats())?.values() ?? [];
    for (const report of reports) {
      if (report.type === "inbound-rtp" && report.kind === "video") {
        found.frames = report.framesDecoded ?? 0;
        found.packets = report.packetsReceived ?? 0;
        found.lost = Math.max(0, report.packetsLost ?? 0);
        found.frozen = report.totalFreezesDuration ?? 0;
        found.delay += (report.jitterBufferDelay ?? 0) / (report.jitterBufferEmittedCount || 1);
      } else if (report.type === "candidate-pair" && report.nominated) {
        found.delay += (report.currentRoundTripTime ?? 0) / 2;
      }
    }
    return found;
  }

  /** @param {Signal.Frames["candidate"]} frame */
  #candidate({ sid, candidate }) {
    if (sid === this.sid) {
      this.connection?.addIceCandidate(candidate ?? undefined).catch(() => {});
    }
  }

  /** @param {Signal.Description} offer */
  async #answer({ sid, sdp }) {
    if (sid !== this.sid || !this.connection) {
      this.#drop();
      this.connection = this.#open(sid);
    }
    const { connection } = this;
    await connection.setRemoteDescription({ type: "offer", sdp });
    const answer = await connection.createAnswer();
    await connection.setLocalDescription({ type: "answer", sdp: inStereo(answer.sdp ?? "") });
    if (connection === this.connection) {
      this.signalling.send({ type: "answer", sid, sdp: connection.localDescription?.sdp ?? "" });
    }
  }

  /** @param {string} sid */
  #open(sid) {
    this.sid = sid;
    const connection = new RTCPeerConnection({ iceServers: this.signalling.hello?.ice_servers ?? [] });
    const stream = new MediaStream();
    connection.addEventListener("track", ({ track }) => {
      stream.addTrack(track);
      if (track.kind === "video" && connection === this.connection) {
        this.tell("stream", stream);
      }
    });
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (connection === this.connection) {
        this.signalling.send({ type: "candidate", sid, candidate: candidate?.toJSON() ?? null });
      }
    });
    connection.addEventListener("connectionstatechange", () => {
      if (connection === this.connection) {
        this.#moved(sid, connection.connectionState);
      }
    });
    return connection;
  }

  /**
   * A line that stumbles mends itself or is mended by an ICE restart (RFC 8445 section 2.4); one that failed is over.
   * @param {string} sid
   * @param {RTCPeerConnectionState} state
   */
  #moved(sid, state) {
    clearTimeout(this.mending);
    if (TOLD.includes(state)) {
      this.signalling.send({ type: "state", sid, state });
    }
    if (state === "failed" || state === "closed") {
      this.#lost("the connection failed");
    } else if (state === "disconnected") {
      this.mending = setTimeout(() => this.signalling.send({ type: "restart", sid }), MENDING_MS);
    }
  }

  /** @param {string} why */
  #lost(why) {
    if (this.connection) {
      this.#drop();
      this.tell("lost", why);
    }
  }

  #drop() {
    clearTimeout(this.mending);
    this.connection?.close();
    this.connection = null;
    this.sid = null;
  }
}
