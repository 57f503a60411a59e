/** The messages of a chat as rows: in the order of their numbers, rendered together, few enough, older ones on demand. */

import { get } from "../lib/api.js";
import { emptyRow, fillRow, placeRow } from "./message-row.js";
import { ScrollAnchor } from "./scroll-anchor.js";
import { Unread } from "./unread.js";

// So many rows stay for whoever follows. Whoever reads further up has more; beyond that, messages wait as in a pause.
const KEPT = 400;
const MOST = 1000;
const A_PAGE = 50;

export class MessageLog {
  /** `row(message)`: makes one. `isMine(message)`. */
  constructor(root, { row, isMine }) {
    this.make = row;
    this.isMine = isMine;
    this.list = root.querySelector("[data-log]");
    this.scroller = root.querySelector("[data-scroll]");
    this.older = root.querySelector("[data-older]");
    this.nothing = root.querySelector("[data-quiet]");
    this.rows = new Map();
    this.fresh = new Map(); // by id, not shown yet: of this turn, or of this pause
    this.unread = new Unread(root, () => this.toEnd());
    this.anchor = new ScrollAnchor(this.scroller);
    this.anchor.addEventListener("end", () => this.#arrived());
    this.anchor.addEventListener("top", () => this.#loadOlder());
    this.older.addEventListener("click", () => this.#loadOlder());
    this.scroller.addEventListener("keydown", ({ key }) => key === "End" && this.toEnd());
  }

  /** What a fresh reader gets; what is known already stays. */
  welcome({ room_id: roomId, history }) {
    const first = !this.address;
    this.address = `/api/chat/rooms/${roomId}/messages`;
    this.complete ??= history.length < A_PAGE;
    history.forEach((message) => this.take(message));
    if (first) {
      this.toEnd(); // whoever comes back after a drop stays where they read
    }
  }

  /** All messages of one turn of the loop are rendered together, at its end. */
  take(message) {
    if (this.rows.has(message.id) || this.fresh.has(message.id)) {
      return;
    }
    this.fresh.set(message.id, { ...message });
    if (!this.due) {
      this.due = true;
      queueMicrotask(() => this.#flush());
    }
  }

  empty(id) {
    this.#change(id, { deleted: true, message: "" }, emptyRow);
  }

  fill(id, words) {
    this.#change(id, { deleted: false, message: words }, (row) => fillRow(row, words));
  }

  /** Too much was missed: what follows replaces everything. */
  clear() {
    this.rows.forEach((row) => row.remove());
    this.rows.clear();
    this.fresh.clear();
    this.gap = this.complete = false;
    this.unread.clear();
  }

  /** The end of a pause, and of reading further up. */
  toEnd() {
    this.unread.pause(false);
    this.#flush({ quiet: true });
    this.anchor.toEnd();
    this.#arrived();
  }

  #arrived() {
    if (!this.unread.paused) {
      this.unread.read();
      this.anchor.keep(() => this.#trim());
    }
  }

  #change(id, fields, change) {
    if (this.rows.has(id)) {
      this.anchor.keep(() => change(this.rows.get(id)));
    } else if (this.fresh.has(id)) {
      Object.assign(this.fresh.get(id), fields);
    }
  }

  #flush({ quiet = false } = {}) {
    this.due = false;
    const messages = [...this.fresh.values()].sort((one, other) => one.seq - other.seq);
    const full = !quiet && !this.anchor.follows && this.rows.size + messages.length > MOST;
    if (this.unread.paused || full) {
      this.#gather(messages);
    } else if (messages.length) {
      this.fresh.clear();
      const came = messages.filter((message) => !this.isMine(message));
      const change = () => {
        this.#render(messages, quiet);
        this.#drawEdges();
      };
      this.unread.tell(came.length, () => this.anchor.keep(change), { quiet });
      this.unread.add(this.anchor.follows ? 0 : came.filter(({ counted }) => !counted).length);
    } else {
      this.anchor.keep(() => this.#drawEdges());
    }
  }

  /** What stands around the rows. */
  #drawEdges() {
    this.nothing.hidden = this.rows.size > 0 || this.fresh.size > 0;
    this.older.hidden = this.complete || this.rows.size < A_PAGE || this.rows.size >= MOST;
  }

  /** Nothing moves: they are counted, and the last of them wait. */
  #gather(messages) {
    const uncounted = messages.filter(({ counted }) => !counted);
    uncounted.forEach((message) => (this.fresh.get(message.id).counted = true));
    this.unread.add(uncounted.filter((message) => !this.isMine(message)).length);
    const dropped = messages.slice(0, Math.max(0, messages.length - KEPT));
    dropped.forEach(({ id }) => this.fresh.delete(id));
    this.gap ||= dropped.length > 0;
  }

  #render(messages, quiet) {
    if (this.gap) {
      this.gap = this.complete = false;
      this.rows.forEach((row) => row.remove());
      this.rows.clear();
    }
    const last = this.#numbered().at(-1);
    const together = document.createDocumentFragment();
    for (const message of messages) {
      const row = this.#made(message);
      if (message.seq > Number(last?.dataset.seq ?? 0)) {
        together.append(row);
      } else {
        placeRow(this.list, row, message.seq); // late: it belongs further up
      }
    }
    this.unread.begin(together, { resumed: messages[0].counted, quiet: quiet || this.anchor.follows });
    last ? last.after(together) : this.list.prepend(together);
    if (this.anchor.follows) {
      this.#trim();
    }
  }

  #made(message) {
    const row = this.make(message);
    row.dataset.seq = message.seq;
    row.dataset.id = message.id;
    this.rows.set(message.id, row);
    return row;
  }

  #numbered() {
    return [...this.list.children].filter((row) => row.dataset.seq);
  }

  #trim() {
    const many = this.rows.size - KEPT;
    if (many > 0) {
      this.complete = false;
      this.#numbered()
        .slice(0, many)
        .forEach((row) => this.rows.delete(Number(row.dataset.id)) && row.remove());
    }
  }

  async #loadOlder() {
    const [first] = this.#numbered();
    if (this.loading || this.complete || !first || this.rows.size >= MOST) {
      return;
    }
    this.loading = true;
    try {
      const page = await get(`${this.address}?before=${first.dataset.seq}&limit=${A_PAGE}`);
      if (first.isConnected) {
        this.complete = page.next_before === null;
        const unknown = page.messages.filter(({ id }) => !this.rows.has(id));
        const prepend = () => first.before(...unknown.map((message) => this.#made(message)));
        this.unread.tell(0, () => this.anchor.keep(prepend), { quiet: true });
      }
    } catch {
      // The button stays: it is the way to try again.
    } finally {
      this.loading = false;
      this.#flush();
    }
  }
}
