/** The lobby: counts down to the class, and notices when its stream exists. */

import { get } from "../lib/api.js";
import { say } from "../lib/dom.js";
import { countDown, waitText } from "../lib/time.js";

const EVERY = 30000;
const SOON_EVERY = 8000;
const SOON_MS = 10 * 60 * 1000;

/** Calls `found(stream)` once, as soon as the class has an open stream. `stop()` ends counting and looking. */
export function watchForStream(root, found) {
  const { startsAt, groupSessionId, streamId, roomId, api } = root.dataset;
  const counter = showCountdown(root, startsAt);
  let timer;

  // The bell hears of a class that went live first: look at once instead of waiting for the next turn.
  const told = ({ detail }) => detail.url?.startsWith(`/classes/${groupSessionId}`) && look();
  const stopLooking = () => {
    clearTimeout(timer);
    document.removeEventListener("ffc:notification", told);
  };

  const look = async () => {
    clearTimeout(timer);
    const reply = await get(`${api}/sessions?group_session_id=${groupSessionId}`).catch(() => null);
    const stream = reply?.streaming_sessions.find(({ state }) => state !== "ended");
    if (stream) {
      stopLooking();
      found(stream);
      return;
    }
    const soon = new Date(startsAt).getTime() - Date.now() < SOON_MS;
    timer = setTimeout(look, (soon ? SOON_EVERY : EVERY) * (0.75 + Math.random() / 2));
  };

  if (streamId) {
    found({ id: streamId, room_id: roomId });
  } else {
    document.addEventListener("ffc:notification", told);
    look();
  }
  return {
    stop: () => {
      counter.stop();
      stopLooking();
    },
  };
}

function showCountdown(root, startsAt) {
  const digits = root.querySelector("[data-countdown]");
  const label = root.querySelector("[data-countdown-label]");
  return countDown(startsAt, (left) => {
    say(label, left > 0 ? "Doors open in about" : "Any moment now");
    say(digits, waitText(left));
    digits.classList.toggle("words", left >= 24 * 3600);
  });
}
