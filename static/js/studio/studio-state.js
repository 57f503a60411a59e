/** The big words of the studio: what is going on, what to do next, and the one figure that matters now. */

import { say } from "../lib/dom.js";
import { clockText, waitText } from "../lib/time.js";

const WORDS = {
  scheduled: ["Not on air", "Connect your camera. You see your picture here first; nobody else does."],
  preview: ["Preview", "Only you see this. Open the doors when you are ready."],
  starting: ["The doors are open", "Your members wait for your picture. Start your camera now."],
  live: ["Live", "Your members see you. End the class when you are done."],
  interrupted: ["Signal lost", "We hold the class for you: reconnect in OBS, and everybody is still here."],
  ended: ["The class is over", "The picture has stopped for everybody."],
};

let ticker;

export function showState(root, stream, skewMs) {
  const [title, words] = WORDS[stream.state] ?? WORDS.scheduled;
  say(root.querySelector("[data-state-title]"), title);
  say(root.querySelector("[data-state-words]"), words);
  const begun = !["scheduled", "preview"].includes(stream.state);
  const over = stream.state === "ended";
  root.querySelector("[data-action=start]").hidden = begun;
  root.querySelector("[data-action=end]").hidden = over || stream.state === "scheduled";
  clearInterval(ticker);
  const clock = () => showClock(root, stream, skewMs);
  clock();
  if (!over) {
    ticker = setInterval(clock, 1000);
  }
}

function showClock(root, stream, skewMs) {
  const now = Date.now() + skewMs;
  const label = root.querySelector("[data-clock-label]");
  const digits = root.querySelector("[data-clock]");
  const seconds = (moment) => (new Date(moment).getTime() - now) / 1000;
  if (stream.state === "interrupted" && stream.reconnect_until) {
    say(label, "Held for");
    say(digits, clockText(seconds(stream.reconnect_until)));
  } else if (stream.started_at) {
    const until = stream.ended_at ? new Date(stream.ended_at).getTime() : now;
    say(label, "On air for");
    say(digits, clockText((until - new Date(stream.started_at).getTime()) / 1000));
  } else {
    const left = seconds(root.dataset.startsAt);
    say(label, left > 0 ? "Starts in" : "Should have started");
    say(digits, left > 0 ? waitText(left) : `${waitText(-left)} ago`);
  }
}
