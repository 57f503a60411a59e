/** Who is here: the count wherever it is shown, and the names in the list, each a button for a high five. */

import { make, plural, say } from "../lib/dom.js";
import { glyph } from "../interactions/reactions.js";

/** `interactions`: gives the high fives; `interactions.reactions.me` is the reader. */
export function showPeople(root, { viewer_count: count, people }, interactions) {
  for (const element of root.querySelectorAll("[data-count]")) {
    say(element, element.dataset.count === "number" ? String(count) : plural(count, "person here", "people here"));
  }
  const focused = document.activeElement?.dataset.cheer;
  for (const list of root.querySelectorAll("[data-people]")) {
    list.replaceChildren(...people.map((person) => row(person, interactions)));
    if (count > people.length) {
      list.append(make("li", {}, `and ${(count - people.length).toLocaleString("en-GB")} more`));
    }
    if (focused) {
      list.querySelector(`[data-cheer="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }
}

function row({ user_id: userId, username }, interactions) {
  if (!interactions || userId === interactions.reactions.me) {
    return make("li", { dir: "auto" }, username);
  }
  const button = make("button", { type: "button", class: "person-cheer", dataset: { cheer: userId } });
  button.append(make("span", { class: "visually-hidden" }, "High five to "), make("span", { dir: "auto" }, username));
  button.append(glyph("high_five"));
  button.addEventListener("click", () => interactions.cheer(userId));
  return make("li", {}, button);
}
