/**
 * What the room's socket tells the camera page.
 *
 * Events: "stream" (detail: its state), "people" (detail: the number), "questions" (detail: the open ones, newest first).
 */

import { Backoff } from "../lib/backoff.js";
import { RoomSocket } from "../lib/room-socket.js";

export class CameraRoom extends EventTarget {
  /** `api`: a StreamApi. */
  constructor(api) {
    super();
    this.api = api;
    this.backoff = new Backoff({ first: 1000, most: 15000 });
    this.skewMs = 0;
  }

  async connect() {
    try {
      const address = await this.#address();
      this.socket = new RoomSocket({ address, renew: () => this.#address() });
      this.socket.addEventListener("frame", ({ detail }) => this.#frame(detail));
      this.socket.connect();
    } catch (error) {
      if (error.passing) {
        setTimeout(() => this.connect(), this.backoff.next());
      }
    }
  }

  async #address() {
    return (await this.api.token("viewer")).chat_url;
  }

  #frame(frame) {
    if (frame.type === "resynced") {
      frame.events.forEach((event) => this.#frame(event));
      return;
    }
    if (frame.server_time) {
      this.skewMs = frame.server_time - Date.now();
    }
    if (frame.viewer_count !== undefined) {
      this.#tell("people", frame.viewer_count);
    }
    const questions = frame.questions ?? frame.floor?.questions;
    if (questions) {
      const open = questions.filter(({ state }) => state === "open");
      this.#tell("questions", open.sort((one, other) => other.asked_at - one.asked_at));
    }
    if (frame.stream) {
      this.stream = frame.stream;
      this.#tell("stream", frame.stream);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
