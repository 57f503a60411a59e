/** The room beside a picture, as the class page and the studio show it: one socket for chat, interactions and people. */

import { find } from "../lib/dom.js";
import { Emitter } from "../lib/emitter.js";
import { Interactions } from "../interactions/interactions.js";
import { RoomSocket } from "../lib/room-socket.js";
import { Chat } from "./chat.js";
import { showPeople } from "./people.js";

/** @typedef {import("../lib/socket-line.js").Status} Status */

/**
 * Events: "stream" (detail: the stream's state, with each change), "status" (detail: as of RoomSocket).
 * @extends {Emitter<{ stream: Room.Stream, status: Status }>}
 */
export class Room extends Emitter {
  /** How far the server's clock is ahead of ours. */
  skewMs = 0;

  /**
   * @param {HTMLElement} root
   * @param {import("../lib/socket-line.js").Where & { mediaTime: () => number | null }} given `mediaTime()` is the moment of
   *   the class that is being watched, in milliseconds since 1970
   */
  constructor(root, { address, renew, mediaTime }) {
    super();
    this.root = root;
    this.socket = new RoomSocket({ address, renew });
    /** @type {Room.Send} */
    const send = (frame) => this.socket.send(frame);
    this.chat = new Chat(find(root, "[data-chat]"), send, mediaTime);
    this.interactions = new Interactions(root, send, mediaTime);
    this.socket.on("frame", (frame) => this.#frame(frame));
    this.socket.on("status", (status) => this.#status(status));
  }

  connect() {
    this.socket.connect();
  }

  close() {
    this.socket.close();
  }

  /** @param {Room.Frame} frame */
  #frame(frame) {
    if (!this.interactions.take(frame)) {
      this.chat.take(frame);
    }
    if ("server_time" in frame) {
      this.skewMs = frame.server_time - Date.now();
    }
    if ("viewer_count" in frame) {
      showPeople(this.root, frame, this.interactions);
    }
    if ("stream" in frame) {
      this.tell("stream", frame.stream);
    }
  }

  /** @param {Status} status */
  #status(status) {
    this.chat.status(status);
    this.tell("status", status);
  }
}
