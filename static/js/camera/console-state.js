/** The big words of the console: what is going on, and what to do next. */

import { clockText } from "../lib/time.js";

const OPEN = ["starting", "live", "interrupted"];

const NAMES = { video: "Camera", audio: "Microphone" };
const AWAY = {
  taken: "Another app holds it: end your call or close the app. We go on by ourselves.",
  denied: "Your browser blocks it. Allow it again beside the address; we go on by ourselves.",
  "no-camera": "Push its cable in again, or choose another with Switch camera.",
  "no-microphone": "Push its cable in again. We go on by ourselves.",
};

/**
 * { title, words, look: live | calm | warn }. `stream`: of the room's frames; `sending`: the publisher's last "state";
 * `lost`: { kind, fault } of a device that is away, or null.
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
    return { title: "Paused", words: "Members see \u201cBack in a moment\u201d. They do not hear you.", look: "warn" };
  }
  return open(stream.state, muted, sharing);
}

function open(state, muted, sharing) {
  switch (state) {
    case "live":
      return muted
        ? { title: "Live, muted", words: "Members see you, but do not hear you.", look: "warn" }
        : { title: "Live", words: `Members ${sharing ? "see your screen and hear you" : "see and hear you"}.`, look: "live" };
    case "starting":
      return { title: "Doors open", words: "Your picture is on its way to your members.", look: "calm" };
    case "preview":
      return { title: "Preview", words: "Only you see this. Open the doors when you are ready.", look: "calm" };
    default:
      return { title: "Almost there", words: "Your picture is on its way. It takes a few seconds.", look: "calm" };
  }
}

// Digits that are read from three metres leave no room for more than hours, minutes and seconds of one figure each.
const LONG = 10 * 3600;
const rough = (seconds) => (seconds < LONG ? clockText(seconds) : `${Math.floor(seconds / 3600)} h`);

/** { clockLabel, clock, leftLabel, left }, as texts; left is empty before the class has begun. `now`: the server's, in ms. */
export function timesFor(stream, { startsAt, endsAt, now }) {
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
