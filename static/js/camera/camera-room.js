/** What the room's socket tells the camera page. */

import { apiError } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { Emitter } from "../lib/emitter.js";
import { RoomSocket } from "../lib/room-socket.js";

/**
 * Events: "stream" (detail: its state), "people" (detail: the number), "questions" (detail: the open ones, newest first).
 * @extends {Emitter<{ stream: Room.Stream, people: number, questions: Room.Question[] }>}
 */
export class CameraRoom extends Emitter {
  skewMs = 0;
  /** @type {Room.Stream | null} */
  stream = null;

  /** @param {import("./stream-api.js").StreamApi} api */
  constructor(api) {
    super();
    this.api = api;
    this.backoff = new Backoff({ first: 1000, most: 15000 });
  }

  async connect() {
    try {
      const address = await this.#address();
      this.socket = new RoomSocket({ address, renew: () => this.#address() });
      this.socket.on("frame", (frame) => this.#frame(frame));
      this.socket.connect();
    } catch (error) {
      if (apiError(error).passing) {
        setTimeout(() => this.connect(), this.backoff.next());
      }
    }
  }

  async #address() {
    return (await this.api.token("viewer")).chat_url;
  }

  /** @param {Room.Frame} frame */
  #frame(frame) {
    if ("server_time" in frame) {
      this.skewMs = frame.server_time - Date.now();
    }
    if ("viewer_count" in frame) {
      this.tell("people", frame.viewer_count);
    }
    if (frame.type === "welcome") {
      this.#questions(frame.floor.questions);
    } else if (frame.type === "questions") {
      this.#questions(frame.questions);
    }
    if ("stream" in frame) {
      this.stream = frame.stream;
      this.tell("stream", frame.stream);
    }
  }

  /** @param {Room.Question[]} questions */
  #questions(questions) {
    const open = questions.filter(({ state }) => state === "open");
    this.tell(
      "questions",
      open.sort((one, other) => other.asked_at - one.asked_at),
    );
  }
}
