/** The messages of a chat as rows, in the order of their numbers. Rendered in batches, limited in number, older ones on demand. */

import { apiError, get } from "../lib/api.js";
import { all, find } from "../lib/dom.js";
import { emptyRow, fillRow, placeRow } from "./message-row.js";
import { ScrollAnchor } from "./scroll-anchor.js";
import { Unread } from "./unread.js";

// Rows kept for a reader at the end (KEPT) and further up (MOST). Beyond that, messages wait as in a pause.
const KEPT = 400;
const MOST = 1000;
const A_PAGE = 50;

/**
 * A message that is not shown yet. `counted`: it is among the unread already.
 * @typedef {Room.Message & { counted?: boolean }} Fresh
 */

export class MessageLog {
  address = "";
  /** @type {Map<number, HTMLElement>} by the id of the message */
  rows = new Map();
  /** @type {Map<number, Fresh>} by id, not shown yet: of this turn of the loop, or of this pause */
  fresh = new Map();
  /** A flush is on its way. */
  due = false;
  /** Messages were left out: the next ones replace what is there. */
  gap = false;
  /** @type {boolean | undefined} whether there is nothing older than the first row; unknown before the welcome */
  complete;
  loading = false;

  /**
   * @param {HTMLElement} root the chat
   * @param {{ row: (message: Room.Message) => HTMLElement, isMine: (message: Room.Message) => boolean }} given `row` makes one
   */
  constructor(root, { row, isMine }) {
    this.make = row;
    this.isMine = isMine;
    this.list = find(root, "[data-log]");
    this.scroller = find(root, "[data-scroll]");
    this.older = find(root, "[data-older]");
    this.nothing = find(root, "[data-quiet]");
    this.unread = new Unread(root, () => this.toEnd());
    this.anchor = new ScrollAnchor(this.scroller);
    this.anchor.on("end", () => this.#arrived());
    this.anchor.on("top", () => this.#loadOlder());
    this.older.addEventListener("click", () => this.#loadOlder());
    this.scroller.addEventListener("keydown", ({ key }) => key === "End" && this.toEnd());
  }

  /**
   * Takes the history; rows that are there already stay.
   * @param {Room.Welcome} frame
   */
  welcome({ room_id: roomId, history }) {
    const first = !this.address;
    this.address = `/api/chat/rooms/${roomId}/messages`;
    this.complete ??= history.length < A_PAGE;
    for (const message of history) {
      this.take(message);
    }
    if (first) {
      this.toEnd(); // a reader who comes back after a drop stays where they were
    }
  }

  /**
   * All messages of one turn of the loop are rendered together, at its end.
   * @param {Room.Message} message
   */
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

  /** @param {number} id */
  empty(id) {
    this.#change(id, { deleted: true, message: "" }, emptyRow);
  }

  /**
   * @param {number} id
   * @param {string} words
   */
  fill(id, words) {
    this.#change(id, { deleted: false, message: words }, (row) => fillRow(row, words));
  }

  /** Too much was missed: what follows replaces everything. */
  clear() {
    this.#removeAll();
    this.fresh.clear();
    this.gap = this.complete = false;
    this.unread.clear();
  }

  /** Ends a pause, and reading further up. */
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

  /**
   * @param {number} id
   * @param {Partial<Room.Message>} fields as they are now
   * @param {(row: HTMLElement) => void} change does the same to its row
   */
  #change(id, fields, change) {
    const row = this.rows.get(id);
    const waiting = this.fresh.get(id);
    if (row) {
      this.anchor.keep(() => change(row));
    } else if (waiting) {
      Object.assign(waiting, fields);
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

  /** Shows or hides what stands around the rows. */
  #drawEdges() {
    this.nothing.hidden = this.rows.size > 0 || this.fresh.size > 0;
    this.older.hidden = Boolean(this.complete) || this.rows.size < A_PAGE || this.rows.size >= MOST;
  }

  /**
   * In a pause messages are counted, and the newest of them wait.
   * @param {Fresh[]} messages
   */
  #gather(messages) {
    const uncounted = messages.filter(({ counted }) => !counted);
    for (const message of uncounted) {
      message.counted = true;
    }
    this.unread.add(uncounted.filter((message) => !this.isMine(message)).length);
    const dropped = messages.slice(0, Math.max(0, messages.length - KEPT));
    for (const { id } of dropped) {
      this.fresh.delete(id);
    }
    this.gap ||= dropped.length > 0;
  }

  /**
   * @param {Fresh[]} messages
   * @param {boolean} quiet
   */
  #render(messages, quiet) {
    if (this.gap) {
      this.gap = this.complete = false;
      this.#removeAll();
    }
    const last = this.#numbered().at(-1);
    const together = document.createDocumentFragment();
    for (const message of messages) {
      const row = this.#made(message);
      if (message.seq > Number(last?.dataset.seq ?? 0)) {
        together.append(row);
      } else {
        placeRow(this.list, row, message.seq); // it came late and belongs further up
      }
    }
    this.unread.begin(together, { resumed: messages[0].counted, quiet: quiet || this.anchor.follows });
    if (last) {
      last.after(together);
    } else {
      this.list.prepend(together);
    }
    if (this.anchor.follows) {
      this.#trim();
    }
  }

  #removeAll() {
    for (const row of this.rows.values()) {
      row.remove();
    }
    this.rows.clear();
  }

  /** @param {Room.Message} message */
  #made(message) {
    const row = this.make(message);
    row.dataset.seq = String(message.seq);
    row.dataset.id = String(message.id);
    this.rows.set(message.id, row);
    return row;
  }

  /** The rows of messages that are stored, without one's own drafts and the line before the unread. */
  #numbered() {
    return all(this.list, ":scope > [data-seq]");
  }

  #trim() {
    const many = this.rows.size - KEPT;
    if (many > 0) {
      this.complete = false;
      for (const row of this.#numbered().slice(0, many)) {
        this.rows.delete(Number(row.dataset.id));
        row.remove();
      }
    }
  }

  async #loadOlder() {
    const [first] = this.#numbered();
    if (this.loading || this.complete || !first || this.rows.size >= MOST) {
      return;
    }
    this.loading = true;
    try {
      /** @type {{ messages: Room.Message[], next_before: number | null }} */
      const page = await get(`${this.address}?before=${first.dataset.seq}&limit=${A_PAGE}`);
      if (first.isConnected) {
        this.complete = page.next_before === null;
        const unknown = page.messages.filter(({ id }) => !this.rows.has(id));
        const prepend = () => first.before(...unknown.map((message) => this.#made(message)));
        this.unread.tell(0, () => this.anchor.keep(prepend), { quiet: true });
      }
    } catch (error) {
      apiError(error); // the button stays: it is the way to try again
    } finally {
      this.loading = false;
      this.#flush();
    }
  }
}
