/** The lobby: counts down to the class and notices when the doors open. */

import { get } from "./api.js";
import { say } from "./dom.js";
import { countDown, waitText } from "./time.js";

const FAR = 20000;
const NEAR = 4000;
const NEAR_MS = 10 * 60 * 1000;
const OPEN = ["starting", "live", "interrupted", "ended"];

/** Calls `opened(stream)` once, as soon as the class's stream has open doors or is over. */
export function watchDoors(root, opened) {
  const { startsAt, groupSessionId, api, streamId } = root.dataset;
  const digits = root.querySelector("[data-countdown]");
  const label = root.querySelector("[data-countdown-label]");
  let timer;
  let done = false;

  const counter = countDown(startsAt, (left) => {
    if (left > 0) {
      say(digits, waitText(left));
      digits.classList.toggle("words", left >= 24 * 3600);
    } else {
      say(label, "Any moment now");
      say(digits, "0:00");
    }
  });

  const finish = (stream) => {
    done = true;
    counter.stop();
    clearTimeout(timer);
    document.removeEventListener("ffc:notification", told);
    opened(stream);
  };

  const look = async () => {
    clearTimeout(timer);
    const stream = await find(api, streamId, groupSessionId).catch(() => null);
    if (done) {
      return;
    }
    if (stream && OPEN.includes(stream.state)) {
      finish(stream);
      return;
    }
    const near = new Date(startsAt).getTime() - Date.now() < NEAR_MS;
    timer = setTimeout(look, (near ? NEAR : FAR) * (0.75 + Math.random() / 2));
  };

  // The bell hears of it first; look at once instead of waiting for the next turn.
  function told({ detail }) {
    if (detail.url?.startsWith(`/classes/${groupSessionId}`)) {
      look();
    }
  }

  document.addEventListener("ffc:notification", told);
  look();
}

async function find(api, streamId, groupSessionId) {
  if (streamId) {
    const { stream } = await get(`${api}/sessions/${streamId}/state`);
    return stream;
  }
  const { streaming_sessions: streams } = await get(`${api}/sessions?group_session_id=${groupSessionId}`);
  return streams.find((stream) => stream.state !== "ended") ?? streams[0] ?? null;
}
