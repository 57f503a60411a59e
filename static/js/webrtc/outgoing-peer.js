/**
 * One peer connection that sends a picture and sound: offer, answer, candidates, ICE restart. Made once, closed once; when
 * it cannot be mended, a new one follows it.
 *
 * Events: "state" (detail: the connection's state), "candidate" (detail: what the protocol sends, null at the end; none before
 * the answer has given the connection its name).
 */

import { Emitter } from "../lib/emitter.js";
import { preferCodecs, withOpus } from "./sdp-edits.js";

/**
 * @typedef {object} Sent
 * @property {MediaStreamTrack} video
 * @property {MediaStreamTrack} audio
 * @property {boolean} music how the sound is encoded
 *
 * @typedef {{ width: number, height: number, fps: number }} Format of the picture
 */

/** @extends {Emitter<{ state: RTCPeerConnectionState, candidate: RTCIceCandidateInit | null }>} */
export class OutgoingPeer extends Emitter {
  /** The server's name for this connection; empty before its answer. */
  sid = "";
  /** @type {(RTCIceCandidateInit | null)[]} found before the answer */
  early = [];

  /** @param {Sent & { hello: Signal.Hello, format: Format }} given `hello` has the ICE servers and the limits */
  constructor({ hello, video, audio, music, format }) {
    super();
    this.format = format;
    this.sound = { music, most: hello.limits?.audio_bitrate };
    this.limits = hello.limits ?? {};
    const peer = new RTCPeerConnection({ iceServers: hello.ice_servers ?? [], bundlePolicy: "max-bundle" });
    this.peer = peer;
    const stream = new MediaStream([audio, video]);
    this.audio = peer.addTransceiver(audio, { direction: "sendonly", streams: [stream] }).sender;
    const picture = peer.addTransceiver(video, {
      direction: "sendonly",
      streams: [stream],
      sendEncodings: [this.#encoding()],
    });
    this.video = picture.sender;
    preferCodecs(picture);
    peer.addEventListener("connectionstatechange", () => this.tell("state", peer.connectionState));
    peer.addEventListener("icecandidate", ({ candidate }) => this.#found(candidate));
  }

  get state() {
    return this.peer.connectionState;
  }

  /** The SDP of a fresh offer; `restart`: with new ICE credentials, for the same connection. */
  async offer({ restart = false } = {}) {
    const made = await this.peer.createOffer({ iceRestart: restart });
    const sdp = withOpus(made.sdp ?? "", this.sound);
    await this.peer.setLocalDescription({ type: "offer", sdp });
    return sdp;
  }

  /**
   * @param {string} sid
   * @param {string} sdp
   */
  async answered(sid, sdp) {
    this.sid = sid;
    for (const candidate of this.early.splice(0)) {
      this.tell("candidate", candidate);
    }
    await this.peer.setRemoteDescription({ type: "answer", sdp: withOpus(sdp, this.sound) });
    await this.#keepItsSize();
  }

  /**
   * Sends this track instead of the other one of its kind; the other side notices nothing.
   * @param {MediaStreamTrack} track
   */
  async replace(track) {
    await (track.kind === "video" ? this.video : this.audio).replaceTrack(track);
  }

  stats() {
    return this.peer.getStats();
  }

  close() {
    this.peer.close();
  }

  /** @returns {RTCRtpEncodingParameters} */
  #encoding() {
    const { video_bitrate: bits, fps, width, height } = this.limits;
    const { format } = this;
    const scale = Math.max(1, width ? format.width / width : 1, height ? format.height / height : 1);
    const encoding = { maxFramerate: fps ?? format.fps, scaleResolutionDownBy: scale };
    return bits ? { ...encoding, maxBitrate: bits } : encoding;
  }

  /** A weak line costs frames and sharpness, never the size: the copy that goes on to HLS could not change it. */
  async #keepItsSize() {
    const wanted = this.video.getParameters();
    wanted.degradationPreference = "maintain-resolution";
    // Firefox and older Safari do not know the wish; their own choice is kept then.
    await this.video.setParameters(wanted).catch(() => {});
  }

  /** @param {RTCIceCandidate | null} candidate */
  #found(candidate) {
    // Browsers spell the end as null, older ones as an empty candidate before it.
    const { candidate: text = "", sdpMid = null, sdpMLineIndex = null } = candidate ?? {};
    const found = text ? { candidate: text, sdpMid, sdpMLineIndex } : null;
    if (this.sid) {
      this.tell("candidate", found);
    } else {
      this.early.push(found);
    }
  }
}
