/** The reader's own messages that others do not see (yet): on their way, held, or rejected. */

import { newClientId } from "../lib/client-id.js";
import { markHeld } from "./message-row.js";

const SEND_AGAIN_AFTER = 1500;
const WAITS = "Your message waits for the instructor to let it in";

/**
 * @typedef {object} Needed
 * @property {HTMLElement} log where rows are appended
 * @property {(words: string, timestamp?: number) => HTMLElement} row makes one
 * @property {Room.Send} send
 * @property {() => number | null} mediaTime
 */

export class Drafts {
  /** @type {Map<string, { frame: Room.Draft, row: HTMLElement }>} by client id */
  pending = new Map();

  /** @param {Needed} needed */
  constructor({ log, row, send, mediaTime }) {
    this.log = log;
    this.row = row;
    this.send = send;
    this.mediaTime = mediaTime;
  }

  /**
   * False when the line is down and it is sent later.
   * @param {string} message
   */
  add(message) {
    /** @type {Room.Draft} */
    const frame = { type: "chat_message", message, client_id: newClientId(), media_time: this.mediaTime() };
    this.#keep(frame);
    return this.send(frame);
  }

  /** Sends what was written while the line was down, except what the history shows as sent. */
  again() {
    setTimeout(() => {
      for (const { frame } of this.pending.values()) {
        this.send(frame);
      }
    }, SEND_AGAIN_AFTER);
  }

  /**
   * Forgets a draft that is in the chat now or was refused. Returns its words, undefined when it was not ours.
   * @param {string | null | undefined} clientId
   */
  settle(clientId) {
    const draft = this.pending.get(clientId ?? "");
    draft?.row.remove();
    this.pending.delete(clientId ?? "");
    return draft?.frame.message;
  }

  /**
   * Takes a frame about a draft. Returns what to say about it, undefined for any other frame.
   * @param {Room.Frame} frame
   */
  take(frame) {
    switch (frame.type) {
      case "message_held":
        this.#held(frame);
        return frame.due_at ? "" : `${WAITS}.`;
      case "message_rejected":
        this.#rejected(frame);
        return "The instructor did not let your message in. Perhaps say it in other words.";
      default:
        return undefined;
    }
  }

  /**
   * A held message keeps its row until it is let in, also after a reload.
   * @param {Room.Held} frame
   */
  #held({ client_id: clientId, due_at: due, message, timestamp }) {
    if (clientId && !this.pending.has(clientId)) {
      this.#keep({ type: "chat_message", message, client_id: clientId }, timestamp);
    }
    const draft = this.pending.get(clientId);
    if (draft) {
      markHeld(draft.row, due ? "Sent. It appears in a few seconds." : WAITS);
    }
  }

  /**
   * The writer of a rejected message keeps its words, and may try others.
   * @param {Room.Rejected} frame
   */
  #rejected({ client_id: clientId }) {
    const draft = this.pending.get(clientId);
    if (draft) {
      markHeld(draft.row, "Not let in");
      draft.row.classList.add("rejected");
    }
    this.pending.delete(clientId);
  }

  /**
   * @param {Room.Draft} frame
   * @param {number} [timestamp]
   */
  #keep(frame, timestamp) {
    const row = this.row(frame.message, timestamp);
    row.classList.add("pending", "mine");
    this.pending.set(frame.client_id, { frame, row });
    this.log.append(row);
  }
}
