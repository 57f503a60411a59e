/** The big words of the console: what is going on, and what to do next. */

import { clockText } from "../lib/time.js";

const OPEN = ["starting", "live", "interrupted"];

/** @type {Record<string, string>} */
const NAMES = { video: "Camera", audio: "Microphone" };
/** @type {Record<string, string>} */
const AWAY = {
  taken: "Another app holds it: end your call or close the app. We go on by ourselves.",
  denied: "Your browser blocks it. Allow it again beside the address; we go on by ourselves.",
  "no-camera": "Push its cable in again, or choose another with Switch camera.",
  "no-microphone": "Push its cable in again. We go on by ourselves.",
};

/**
 * @typedef {{ title: string, words: string, look: "live" | "calm" | "warn" }} BigWords
 *
 * @typedef {object} Situation
 * @property {{ state: Room.StreamState }} stream
 * @property {{ state: string, words: string }} sending what the publisher told last
 * @property {boolean} paused
 * @property {boolean} muted
 * @property {boolean} sharing
 * @property {{ kind: string, fault: string } | null} lost a device that is away
 */

/**
 * @param {Situation} situation
 * @returns {BigWords}
 */
export function wordsFor({ stream, sending, paused, muted, sharing, lost }) {
  if (lost) {
    return { title: `${NAMES[lost.kind]} lost`, words: AWAY[lost.fault] ?? "We try to get it back.", look: "warn" };
  }
  if (sending.state !== "up") {
    const title = OPEN.includes(stream.state) ? "Reconnecting" : "Connecting";
    return { title, words: sending.words || "One moment.", look: "warn" };
  }
  if (stream.state === "interrupted") {
    return { title: "Signal lost", words: "Your picture is on its way again. We hold the class.", look: "warn" };
  }
  if (paused) {
    return {
      title: "Paused",
      words: "Members see \u201cBack in a moment\u201d. They do not hear you.",
      look: "warn",
    };
  }
  return open(stream.state, muted, sharing);
}

/**
 * @param {Room.StreamState} state
 * @param {boolean} muted
 * @param {boolean} sharing
 * @returns {BigWords}
 */
function open(state, muted, sharing) {
  switch (state) {
    case "live":
      return muted
        ? { title: "Live, muted", words: "Members see you, but do not hear you.", look: "warn" }
        : {
            title: "Live",
            words: `Members ${sharing ? "see your screen and hear you" : "see and hear you"}.`,
            look: "live",
          };
    case "starting":
      return { title: "Doors open", words: "Your picture is on its way to your members.", look: "calm" };
    case "preview":
      return { title: "Preview", words: "Only you see this. Open the doors when you are ready.", look: "calm" };
    default:
      return { title: "Almost there", words: "Your picture is on its way. It takes a few seconds.", look: "calm" };
  }
}

// Digits as large as ours have no room for ten hours and more.
const LONG = 10 * 3600;
/** @param {number} seconds */
const rough = (seconds) => (seconds < LONG ? clockText(seconds) : `${Math.floor(seconds / 3600)} h`);

/** @typedef {Pick<Room.Stream, "state" | "started_at" | "reconnect_until">} Timed */

/**
 * The two clocks of the console, as texts; the right one is empty before the class has begun.
 * @param {Timed} stream
 * @param {{ startsAt: string, endsAt: string, now: number }} times `now`: the server's, in milliseconds since 1970
 */
export function timesFor(stream, { startsAt, endsAt, now }) {
  /** @param {string} moment */
  const seconds = (moment) => (new Date(moment).getTime() - now) / 1000;
  const left = seconds(endsAt);
  const rest = { leftLabel: left > 0 ? "Left" : "Over by", left: rough(Math.abs(left)) };
  if (stream.state === "interrupted" && stream.reconnect_until) {
    return { clockLabel: "Held for", clock: clockText(seconds(stream.reconnect_until)), ...rest };
  }
  if (!stream.started_at) {
    const until = seconds(startsAt);
    return {
      clockLabel: until > 0 ? "Starts in" : "Late by",
      clock: rough(Math.abs(until)),
      leftLabel: "",
      left: "",
    };
  }
  return {
    clockLabel: "On air for",
    clock: clockText(-seconds(stream.started_at)),
    ...rest,
  };
}
