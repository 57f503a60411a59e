/** The lobby: counts down to the class, and notices when its stream exists. */

import { apiError, get } from "../lib/api.js";
import { find, say } from "../lib/dom.js";
import { countDown, waitText } from "../lib/time.js";

const EVERY = 30000;
const SOON_EVERY = 8000;
const SOON_MS = 10 * 60 * 1000;

/** @typedef {{ id: number | string, room_id: string }} FoundStream */

/**
 * Calls `found` once, as soon as the class has an open stream. `stop()` ends counting and looking.
 * @param {HTMLElement} root
 * @param {(stream: FoundStream) => void} found
 */
export function watchForStream(root, found) {
  const { startsAt = "", groupSessionId, streamId, roomId = "", api } = root.dataset;
  const counter = showCountdown(root, startsAt);
  /** @type {number | undefined} */
  let timer;

  /**
   * The bell hears of a class that went live first: look at once instead of waiting for the next turn.
   * @param {CustomEvent<Page.Notification>} event
   */
  const told = ({ detail }) => detail.url?.startsWith(`/classes/${groupSessionId}`) && look();
  const stopLooking = () => {
    clearTimeout(timer);
    document.removeEventListener("ffc:notification", told);
  };

  const look = async () => {
    clearTimeout(timer);
    const stream = await openStream(`${api}/sessions?group_session_id=${groupSessionId}`);
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

/**
 * The stream of the class that is not over; undefined when there is none, or no answer: the next look asks again.
 * @param {string} address
 */
async function openStream(address) {
  try {
    /** @type {{ streaming_sessions: (FoundStream & { state: Room.StreamState })[] }} */
    const { streaming_sessions: streams } = await get(address);
    return streams.find(({ state }) => state !== "ended");
  } catch (error) {
    apiError(error);
    return undefined;
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} startsAt
 */
function showCountdown(root, startsAt) {
  const digits = find(root, "[data-countdown]");
  const label = find(root, "[data-countdown-label]");
  return countDown(startsAt, (left) => {
    say(label, left > 0 ? "Doors open in about" : "Any moment now");
    say(digits, waitText(left));
    digits.classList.toggle("words", left >= 24 * 3600);
  });
}
