/** One's own messages that the others do not see (yet): on their way, held, or not let in. */

import { markHeld } from "./message-row.js";

const SEND_AGAIN_AFTER = 1500;
const WAITS = "Your message waits for the instructor to let it in";

let drafts = 0;
const newClientId = () => `${Date.now().toString(36)}-${(drafts += 1)}-${Math.random().toString(36).slice(2, 8)}`;

export class Drafts {
  /**
   * `log`: where rows are appended. `row(words, timestamp)`: makes one. `send(frame)`: false when offline.
   * `mediaTime()`: or null.
   */
  constructor({ log, row, send, mediaTime }) {
    Object.assign(this, { log, row, send, mediaTime });
    this.pending = new Map();
  }

  /** False when it leaves later. */
  add(message) {
    const frame = { type: "chat_message", message, client_id: newClientId(), media_time: this.mediaTime() };
    this.#keep(frame);
    return this.send(frame);
  }

  /** What was said while the line was down goes out now, save what the history shows as sent. */
  again() {
    setTimeout(() => this.pending.forEach(({ frame }) => this.send(frame)), SEND_AGAIN_AFTER);
  }

  /** It is in the chat, or was refused: its words, or undefined when it is not ours. */
  settle(clientId) {
    const draft = this.pending.get(clientId);
    draft?.row.remove();
    this.pending.delete(clientId);
    return draft?.frame.message;
  }

  /** Takes a frame about one of them; what to say about it, undefined when the frame is no such. */
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

  /** Its row stays until it is let in; after a reload it is there again. */
  #held({ client_id: clientId, due_at: due, message, timestamp }) {
    if (clientId && !this.pending.has(clientId)) {
      this.#keep({ type: "chat_message", message, client_id: clientId }, timestamp);
    }
    markHeld(this.pending.get(clientId)?.row, due ? "Sent. It appears in a few seconds." : WAITS);
  }

  /** Its words stay for their writer, who may say it in others. */
  #rejected({ client_id: clientId }) {
    const row = this.pending.get(clientId)?.row;
    markHeld(row, "Not let in");
    row?.classList.add("rejected");
    this.pending.delete(clientId);
  }

  #keep(frame, timestamp) {
    const row = this.row(frame.message, timestamp);
    row.classList.add("pending", "mine");
    this.pending.set(frame.client_id, { frame, row });
    this.log.append(row);
  }
}
