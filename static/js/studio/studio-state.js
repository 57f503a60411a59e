/** The big words of the studio: what is going on, what to do next, and the one figure that matters now. */

import { find, say } from "../lib/dom.js";
import { clockText, waitText } from "../lib/time.js";

/** @type {Record<Room.StreamState, [string, string]>} */
const WORDS = {
  scheduled: ["Not on air", "Connect your camera. You see your picture here first; nobody else does."],
  preview: ["Preview", "Only you see this. Open the doors when you are ready."],
  starting: ["The doors are open", "Your members wait for your picture. Start your camera now."],
  live: ["Live", "Your members see you. End the class when you are done."],
  interrupted: ["Signal lost", "We hold the class for you: reconnect in OBS, and everybody is still here."],
  ended: ["The class is over", "The picture has stopped for everybody."],
};

/** @typedef {Pick<Room.Stream, "state" | "started_at" | "reconnect_until"> & { ended_at?: string | null }} Timed */

/** @type {number | undefined} */
let ticker;

/**
 * @param {HTMLElement} root
 * @param {Timed} stream
 * @param {number} skewMs how far the server's clock is ahead of ours
 */
export function showState(root, stream, skewMs) {
  const [title, words] = WORDS[stream.state] ?? WORDS.scheduled;
  say(find(root, "[data-state-title]"), title);
  say(find(root, "[data-state-words]"), words);
  const begun = !["scheduled", "preview"].includes(stream.state);
  const over = stream.state === "ended";
  find(root, "[data-action=start]").hidden = begun;
  find(root, "[data-action=end]").hidden = over || stream.state === "scheduled";
  clearInterval(ticker);
  const clock = () => showClock(root, stream, skewMs);
  clock();
  if (!over) {
    ticker = setInterval(clock, 1000);
  }
}

/**
 * @param {HTMLElement} root
 * @param {Timed} stream
 * @param {number} skewMs
 */
function showClock(root, stream, skewMs) {
  const now = Date.now() + skewMs;
  const label = find(root, "[data-clock-label]");
  const digits = find(root, "[data-clock]");
  /** @param {string} moment */
  const seconds = (moment) => (new Date(moment).getTime() - now) / 1000;
  if (stream.state === "interrupted" && stream.reconnect_until) {
    say(label, "Held for");
    say(digits, clockText(seconds(stream.reconnect_until)));
  } else if (stream.started_at) {
    const until = stream.ended_at ? new Date(stream.ended_at).getTime() : now;
    say(label, "On air for");
    say(digits, clockText((until - new Date(stream.started_at).getTime()) / 1000));
  } else {
    const left = seconds(root.dataset.startsAt ?? "");
    say(label, left > 0 ? "Starts in" : "Should have started");
    say(digits, left > 0 ? waitText(left) : `${waitText(-left)} ago`);
  }
}
