/** One's own messages that the others do not see (yet): on their way, or held. */

const SEND_AGAIN_AFTER = 1500;

let drafts = 0;
const newClientId = () => `${Date.now().toString(36)}-${(drafts += 1)}-${Math.random().toString(36).slice(2, 8)}`;

export class Drafts {
  /** `log`: where rows are appended. `row(words)`: makes one. `send(frame)`: false when offline. `mediaTime()`: or null. */
  constructor({ log, row, send, mediaTime }) {
    Object.assign(this, { log, row, send, mediaTime });
    this.pending = new Map();
  }

  /** False when it leaves later. */
  add(message) {
    const frame = { type: "chat_message", message, client_id: newClientId(), media_time: this.mediaTime() };
    const row = this.row(message);
    row.classList.add("pending", "mine");
    this.pending.set(frame.client_id, { frame, row });
    this.log.append(row);
    return this.send(frame);
  }

  /** What was said while the line was down goes out now, save what the history shows as sent. */
  again() {
    setTimeout(() => this.pending.forEach(({ frame }) => this.send(frame)), SEND_AGAIN_AFTER);
  }

  /** Its row stays, for its writer alone, until it is let in; a resend after a reconnect asks what became of it. */
  hold(clientId) {
    this.pending.get(clientId)?.row.classList.add("held");
  }

  /** It is in the talk, or was refused: its words, or undefined when it is not ours. */
  settle(clientId) {
    const draft = this.pending.get(clientId);
    draft?.row.remove();
    this.pending.delete(clientId);
    return draft?.frame.message;
  }
}
