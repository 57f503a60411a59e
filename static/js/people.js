/** Who is here: the count wherever it is shown, and the names in the list. */

import { make, plural, say } from "./dom.js";

export function showPeople(root, { viewer_count: count, people }) {
  for (const element of root.querySelectorAll("[data-count]")) {
    say(element, element.dataset.count === "number" ? String(count) : plural(count, "person here", "people here"));
  }
  for (const list of root.querySelectorAll("[data-people]")) {
    list.replaceChildren(...people.map(({ username }) => make("li", { dir: "auto" }, username)));
    if (count > people.length) {
      list.append(make("li", {}, `and ${(count - people.length).toLocaleString("en-GB")} more`));
    }
  }
}
