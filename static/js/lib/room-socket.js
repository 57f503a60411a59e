/**
 * The room's socket (docs/websocket.md): asks for what it missed after a return.
 *
 * Events: "frame" (detail: one frame), and "status" as of SocketLine.
 */

import { SocketLine } from "./socket-line.js";

/** @type {import("./socket-line.js").Policy} */
const POLICY = {
  ping: () => ({ type: "ping" }),
  pingEvery: 20000,
  silence: 45000,
  opening: 45000,
  final: {
    4403: "You are no longer in this class. If you left the club by mistake, join it again.",
    4404: "This room is gone. Go back to your schedule to find your next class.",
  },
  passing: {
    4408: "You fell behind. We catch up now.",
    4429: "That was a lot at once. The talk comes back in a moment.",
    1009: "That message was too long to send.",
  },
  dropped: "You are offline. We reconnect by ourselves; nothing is lost.",
  renewing: "Renewing your seat...",
};

/** @extends {SocketLine<{ frame: Room.Frame }, Room.Command>} */
export class RoomSocket extends SocketLine {
  lastSeq = 0;
  catchingUp = false;

  /** @param {import("./socket-line.js").Where} where */
  constructor(where) {
    super(where, POLICY);
  }

  /** @param {string} data */
  read(data) {
    /** @type {Room.Frame[]} */
    let frames;
    try {
      frames = [JSON.parse(data)].flat();
    } catch {
      return;
    }
    for (const frame of frames) {
      this.#track(frame);
      this.tell("frame", frame);
    }
  }

  /**
   * Keeps the number of the last change seen, and asks for the gap after a return.
   * @param {Room.Frame} frame
   */
  #track(frame) {
    if (frame.type === "welcome") {
      this.catchingUp = this.lastSeq > 0 && frame.seq > this.lastSeq;
      if (this.catchingUp) {
        this.send({ type: "resync", after: this.lastSeq });
      } else {
        this.lastSeq = Math.max(this.lastSeq, frame.seq);
      }
      this.greeted();
    } else if (frame.type === "refetch") {
      this.catchingUp = this.send({ type: "resync", after: this.lastSeq });
    } else if (frame.type === "resynced") {
      this.catchingUp = false;
      this.lastSeq = Math.max(this.lastSeq, frame.seq);
    } else if ("seq" in frame && frame.seq && !this.catchingUp) {
      this.lastSeq = Math.max(this.lastSeq, frame.seq);
    }
  }
}
