/** One message as an element. Names and words come from strangers: textContent only, in their own direction. */

import { icon, make } from "./dom.js";
import { shortTime } from "./time.js";

export const ROLES = { instructor: "Instructor", owner: "Owner", operator: "Operator" };
const GONE = "Message deleted";

/** `remove(id)` is offered when given. */
export function messageRow({ id, username, role, message, timestamp, deleted }, { mine, remove }) {
  const by = make("span", { class: "by", dir: "auto" }, make("b", {}, username));
  if (ROLES[role]) {
    by.append(make("span", { class: "role" }, ROLES[role]));
  }
  if (timestamp) {
    by.append(make("time", { datetime: new Date(timestamp).toISOString() }, shortTime(timestamp)));
  }
  const text = make("span", { class: "text", dir: "auto" }, deleted ? GONE : message);
  const row = make("li", { class: `message${mine ? " mine" : ""}${deleted ? " gone" : ""}` }, by, text);
  if (remove && id && !deleted) {
    const label = mine ? "Delete your message" : `Delete the message of ${username}`;
    const button = make("button", { type: "button", class: "icon-button", "aria-label": label }, icon("trash"));
    button.addEventListener("click", () => remove(id));
    row.append(button);
  }
  return row;
}

export function emptyRow(row) {
  row.classList.add("gone");
  row.querySelector(".text").textContent = GONE;
  row.querySelector("button")?.remove();
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
