/** The room beside a picture, as the class page and the studio show it: one socket for chat, interactions and people. */

import { Interactions } from "../interactions/interactions.js";
import { showPeople } from "./people.js";
import { RoomSocket } from "../lib/room-socket.js";
import { Chat } from "./chat.js";

/** Events: "stream" (detail: the stream's state, with each change), "status" (detail: as of RoomSocket). */
export class Room extends EventTarget {
  /**
   * `renew()` resolves to a fresh address. `mediaTime()` is the moment of the class that is being watched, in milliseconds
   * since 1970, or null.
   */
  constructor(root, { address, renew, mediaTime }) {
    super();
    this.root = root;
    /** How far the server's clock is ahead of ours. */
    this.skewMs = 0;
    this.socket = new RoomSocket({ address, renew });
    const send = (frame) => this.socket.send(frame);
    this.chat = new Chat(root.querySelector("[data-chat]"), send, mediaTime);
    this.interactions = new Interactions(root, send, mediaTime);
    this.socket.addEventListener("frame", ({ detail }) => this.#frame(detail));
    this.socket.addEventListener("status", ({ detail }) => this.#status(detail));
  }

  connect() {
    this.socket.connect();
  }

  close() {
    this.socket.close();
  }

  #frame(frame) {
    this.interactions.take(frame) || this.chat.take(frame);
    if (frame.server_time) {
      this.skewMs = frame.server_time - Date.now();
    }
    if (frame.viewer_count !== undefined) {
      showPeople(this.root, frame, this.interactions);
    }
    if (frame.stream) {
      this.dispatchEvent(new CustomEvent("stream", { detail: frame.stream }));
    }
  }

  #status(detail) {
    this.chat.status(detail);
    this.dispatchEvent(new CustomEvent("status", { detail }));
  }
}
