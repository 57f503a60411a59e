/**
 * One viewing by WebRTC: answers the server's offers (docs/websocket.md, /webrtc/), one RTCPeerConnection per `sid`.
 *
 * Events: "stream" (detail: a MediaStream, whose first frame is yet to come), "lost" (detail: why; the connection is over).
 */

const MENDING = 3000;
const TOLD = ["connected", "disconnected", "failed"];

export class ViewerPeer extends EventTarget {
  constructor(signalling) {
    super();
    this.signalling = signalling;
    this.take = ({ detail }) => this.#frame(detail);
    for (const name of ["offer", "candidate", "reconnect"]) {
      signalling.addEventListener(name, this.take);
    }
  }

  subscribe() {
    this.#drop();
    return this.signalling.send({ type: "subscribe" });
  }

  stop() {
    for (const name of ["offer", "candidate", "reconnect"]) {
      this.signalling.removeEventListener(name, this.take);
    }
    if (this.sid) {
      this.signalling.send({ type: "leave", sid: this.sid });
    }
    this.#drop();
  }

  /** What arrived so far: frames shown, packets and losses of the picture, seconds frozen, seconds on the way. */
  async numbers() {
    const found = { frames: 0, packets: 0, lost: 0, frozen: 0, delay: 0 };
    const reports = (await this.connection?.getStats()) ?? [];
    for (const [, report] of reports) {
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

  #frame(frame) {
    if (frame.type === "offer") {
      this.#answer(frame).catch((error) => this.#lost(error.message));
    } else if (frame.sid === this.sid && frame.type === "candidate") {
      this.connection?.addIceCandidate(frame.candidate ?? undefined).catch(() => {});
    } else if (frame.sid === this.sid && frame.type === "reconnect") {
      this.#lost(frame.reason);
    }
  }

  async #answer({ sid, sdp }) {
    if (sid !== this.sid) {
      this.#drop();
      this.#open(sid);
    }
    const { connection } = this;
    await connection.setRemoteDescription({ type: "offer", sdp });
    const answer = await connection.createAnswer();
    await connection.setLocalDescription({ type: "answer", sdp: inStereo(answer.sdp) });
    if (connection === this.connection) {
      this.signalling.send({ type: "answer", sid, sdp: connection.localDescription.sdp });
    }
  }

  #open(sid) {
    this.sid = sid;
    const connection = new RTCPeerConnection({ iceServers: this.signalling.hello?.ice_servers ?? [] });
    this.connection = connection;
    const stream = new MediaStream();
    connection.addEventListener("track", ({ track }) => {
      stream.addTrack(track);
      if (track.kind === "video" && connection === this.connection) {
        this.dispatchEvent(new CustomEvent("stream", { detail: stream }));
      }
    });
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (connection === this.connection) {
        this.signalling.send({ type: "candidate", sid, candidate: candidate?.toJSON() ?? null });
      }
    });
    connection.addEventListener("connectionstatechange", () => {
      if (connection === this.connection) {
        this.#moved(connection.connectionState);
      }
    });
  }

  /** A line that stumbles mends itself or is mended by an ICE restart (RFC 8445 section 2.4); one that failed is over. */
  #moved(state) {
    clearTimeout(this.mending);
    if (TOLD.includes(state)) {
      this.signalling.send({ type: "state", sid: this.sid, state });
    }
    if (state === "failed" || state === "closed") {
      this.#lost("the connection failed");
    } else if (state === "disconnected") {
      this.mending = setTimeout(() => this.signalling.send({ type: "restart", sid: this.sid }), MENDING);
    }
  }

  #lost(why) {
    if (this.connection) {
      this.#drop();
      this.dispatchEvent(new CustomEvent("lost", { detail: why }));
    }
  }

  #drop() {
    clearTimeout(this.mending);
    this.connection?.close();
    this.connection = null;
    this.sid = null;
  }
}

/** Browsers send and decode music in stereo only when the answer asks for it (RFC 7587 section 6.1). */
function inStereo(sdp) {
  const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  return opus ? sdp.replace(new RegExp(`^(a=fmtp:${opus} (?!.*stereo=).*)$`, "m"), "$1;stereo=1") : sdp;
}
