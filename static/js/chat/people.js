/** Who is here: the count wherever it is shown, and the names in the list, each a button for a high five. */

import { all, make, maybe, plural, say } from "../lib/dom.js";
import { glyph } from "../interactions/reactions.js";

/** @typedef {import("../interactions/interactions.js").Interactions} Interactions */

/**
 * @param {HTMLElement} root
 * @param {Room.Presence} presence
 * @param {Interactions} interactions gives the high fives
 */
export function showPeople(root, { viewer_count: count, people }, interactions) {
  for (const element of all(root, "[data-count]")) {
    say(element, element.dataset.count === "number" ? String(count) : plural(count, "person here", "people here"));
  }
  const { activeElement: active } = document;
  const focused = active instanceof HTMLElement ? active.dataset.cheer : undefined;
  for (const list of all(root, "[data-people]")) {
    list.replaceChildren(...people.map((person) => row(person, interactions)));
    if (count > people.length) {
      list.append(make("li", {}, `and ${(count - people.length).toLocaleString("en-GB")} more`));
    }
    if (focused) {
      maybe(list, `[data-cheer="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }
}

/**
 * @param {Room.Person} person
 * @param {Interactions} interactions
 */
function row({ user_id: userId, username }, interactions) {
  if (userId === interactions.reactions.me) {
    return make("li", { dir: "auto" }, username);
  }
  const button = make("button", { type: "button", class: "person-cheer", dataset: { cheer: userId } });
  button.append(make("span", { class: "visually-hidden" }, "High five to "), make("span", { dir: "auto" }, username));
  button.append(glyph("high_five"));
  button.addEventListener("click", () => interactions.cheer(userId));
  return make("li", {}, button);
}
