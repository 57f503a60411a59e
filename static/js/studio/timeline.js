/** What happened to the class, the newest first: connections, interruptions, repairs. */

import { make } from "../lib/dom.js";
import { shortTime } from "../lib/time.js";

export function showTimeline(root, events) {
  const list = root.querySelector("[data-timeline]");
  const newest = events[0] && `${events[0].at} ${events.length}`;
  if (!newest || list.dataset.newest === newest) {
    return;
  }
  list.dataset.newest = newest;
  list.replaceChildren(...events.map(row));
}

function row({ at, words }) {
  return make("li", {}, make("time", { datetime: at }, shortTime(new Date(at).getTime())), ` ${words}`);
}
