/** One message as an element. Names and words come from strangers: textContent only, in their own direction. */

import { icon, make } from "../lib/dom.js";
import { ROLES } from "../lib/roles.js";
import { shortTime } from "../lib/time.js";

const GONE = "Message deleted";

/** `remove(id)`, `moderate(row)`, the menu of those who moderate, and `report(row)` are offered when given. */
export function messageRow({ id, username, role, message, timestamp, deleted }, { mine, called, remove, moderate, report }) {
  const by = make("span", { class: "by", dir: "auto" }, make("b", {}, username));
  if (ROLES[role]) {
    by.append(make("span", { class: "role" }, ROLES[role]));
  }
  if (timestamp) {
    by.append(make("time", { datetime: new Date(timestamp).toISOString() }, shortTime(timestamp)));
  }
  const text = make("span", { class: "text", dir: "auto" }, deleted ? GONE : message);
  const row = make("li", { class: `message${mine ? " mine" : ""}${called ? " calls-me" : ""}${deleted ? " gone" : ""}` }, by, text);
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

function rowButton(label, picture, act, attributes = {}) {
  const button = make("button", { type: "button", class: "icon-button", "aria-label": label, ...attributes });
  button.append(icon(picture));
  button.addEventListener("click", act);
  return button;
}

/** The words are back. */
export function fillRow(row, words) {
  row.classList.remove("gone");
  row.querySelector("[data-remove]")?.removeAttribute("hidden");
  row.querySelector(".text").textContent = words;
}

export function emptyRow(row) {
  if (!row) {
    return;
  }
  row.classList.add("gone");
  row.querySelector(".text").textContent = GONE;
  row.querySelector("[data-remove]")?.setAttribute("hidden", "");
}

/** One's own message that the others do not see (yet), and why. */
export function markHeld(row, words) {
  row?.classList.add("held");
  const note = row?.querySelector(".why") ?? make("span", { class: "why" });
  note.textContent = words;
  row?.append(note);
}

/** Puts a row where its number belongs: a gap fetched later lies between what is there already. */
export function placeRow(log, row, seq) {
  row.dataset.seq = seq;
  let before = log.lastElementChild;
  while (before && (!before.dataset.seq || Number(before.dataset.seq) > seq)) {
    before = before.previousElementSibling;
  }
  if (before) {
    before.after(row);
  } else {
    log.prepend(row);
  }
}
