/** One message as an element. Names and words come from strangers: textContent only, in their own direction. */

import { find, icon, make, maybe } from "../lib/dom.js";
import { ROLES } from "../lib/roles.js";
import { shortTime } from "../lib/time.js";

const GONE = "Message deleted";

/**
 * A message that is stored, or one's own that is not yet.
 * @typedef {Partial<Room.Message> & Pick<Room.Message, "username" | "message">} Shown
 *
 * @typedef {object} Offers what the row has buttons for
 * @property {boolean} mine
 * @property {boolean} called it calls the reader
 * @property {((id: number) => void) | false} remove
 * @property {((row: HTMLElement) => void) | false} moderate opens the menu of those who moderate
 * @property {((row: HTMLElement) => void) | false} report
 */

/**
 * @param {Shown} message
 * @param {Offers} offers
 */
export function messageRow(
  { id, username, role, message, timestamp, deleted },
  { mine, called, remove, moderate, report },
) {
  const by = make("span", { class: "by", dir: "auto" }, make("b", {}, username));
  if (role && ROLES[role]) {
    by.append(make("span", { class: "role" }, ROLES[role]));
  }
  if (timestamp) {
    by.append(make("time", { datetime: new Date(timestamp).toISOString() }, shortTime(timestamp)));
  }
  const text = make("span", { class: "text", dir: "auto" }, deleted ? GONE : message);
  const row = make(
    "li",
    { class: `message${mine ? " mine" : ""}${called ? " calls-me" : ""}${deleted ? " gone" : ""}` },
    by,
    text,
  );
  if (remove && id && !deleted) {
    row.append(rowButton("Delete your message", "trash", () => remove(id), { "data-remove": true }));
  }
  if (moderate && id) {
    row.append(rowButton(`Keep order: the message of ${username}`, "more", () => moderate(row)));
  }
  if (report && id) {
    row.append(rowButton(`Report the message of ${username}`, "flag", () => report(row), { "data-flag": true }));
  }
  return row;
}

/**
 * @param {string} label
 * @param {string} picture
 * @param {() => void} act
 */
function rowButton(label, picture, act, attributes = {}) {
  const button = make("button", { type: "button", class: "icon-button", "aria-label": label, ...attributes });
  button.append(icon(picture));
  button.addEventListener("click", act);
  return button;
}

/**
 * The words of a row, and whether its message was deleted.
 * @param {HTMLElement} row
 */
export function readRow(row) {
  return { words: find(row, ".text").textContent ?? "", deleted: row.classList.contains("gone") };
}

/**
 * A deleted message has its words again.
 * @param {HTMLElement} row
 * @param {string} words
 */
export function fillRow(row, words) {
  row.classList.remove("gone");
  maybe(row, "[data-remove]")?.removeAttribute("hidden");
  find(row, ".text").textContent = words;
}

/** @param {HTMLElement} row */
export function emptyRow(row) {
  row.classList.add("gone");
  maybe(row, "[data-remove]")?.setAttribute("hidden", "");
  find(row, ".text").textContent = GONE;
}

/**
 * One's own message that the others do not see (yet), and why.
 * @param {HTMLElement} row
 * @param {string} words
 */
export function markHeld(row, words) {
  row.classList.add("held");
  const note = maybe(row, ".why") ?? make("span", { class: "why" });
  note.textContent = words;
  row.append(note);
}

/**
 * Puts a row where its number belongs: a gap that is fetched later lies between rows that are there already.
 * @param {HTMLElement} log
 * @param {HTMLElement} row
 * @param {number} seq
 */
export function placeRow(log, row, seq) {
  row.dataset.seq = String(seq);
  let before = log.lastElementChild;
  while (before instanceof HTMLElement && !(Number(before.dataset.seq) <= seq)) {
    before = before.previousElementSibling;
  }
  if (before) {
    before.after(row);
  } else {
    log.prepend(row);
  }
}
