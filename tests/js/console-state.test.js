/** The big words and the two clocks of the camera console. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { timesFor, wordsFor } from "../../static/js/camera/console-state.js";

const NOW = Date.parse("2026-03-02T07:10:00Z");
const TIMES = { startsAt: "2026-03-02T07:00:00Z", endsAt: "2026-03-02T07:45:00Z", now: NOW };

const LIVE = {
  stream: { state: "live" },
  sending: { state: "up", words: "" },
  paused: false,
  muted: false,
  sharing: false,
  lost: null,
};

const title = (changes) => wordsFor({ ...LIVE, ...changes }).title;

test("what matters most is said first", () => {
  const waiting = { state: "waiting", words: "You are offline." };

  assert.equal(title({}), "Live");
  assert.equal(title({ muted: true }), "Live, muted");
  assert.equal(title({ paused: true, muted: true }), "Paused");
  assert.equal(title({ stream: { state: "interrupted" }, paused: true }), "Signal lost");
  assert.equal(title({ stream: { state: "interrupted" }, sending: waiting }), "Reconnecting");
  assert.equal(title({ stream: { state: "preview" }, sending: waiting }), "Connecting");
  assert.equal(title({ sending: waiting, lost: { kind: "video", fault: "taken" } }), "Camera lost");
});

test("each state before the class has its words", () => {
  assert.equal(title({ stream: { state: "scheduled" } }), "Almost there");
  assert.equal(title({ stream: { state: "preview" } }), "Preview");
  assert.equal(title({ stream: { state: "starting" } }), "Doors open");
});

test("a device that is away says why, as far as we know", () => {
  const why = (fault) => wordsFor({ ...LIVE, lost: { kind: "audio", fault } });

  assert.equal(why("away").words, "We try to get it back.");
  assert.match(why("no-microphone").words, /^Push its cable in again/);
  assert.equal(why("denied").title, "Microphone lost");
  assert.equal(why("denied").look, "warn");
});

test("who shares a screen reads that members see it", () => {
  assert.equal(wordsFor({ ...LIVE, sharing: true }).words, "Members see your screen and hear you.");
});

test("on air the clock counts up and the rest counts down", () => {
  const stream = { state: "live", started_at: "2026-03-02T07:00:03Z", reconnect_until: null };

  assert.deepEqual(timesFor(stream, TIMES), {
    clockLabel: "On air for",
    clock: "9:57",
    leftLabel: "Left",
    left: "35:00",
  });
});

test("over time is said as such", () => {
  const late = { ...TIMES, now: Date.parse("2026-03-02T07:46:10Z") };
  const stream = { state: "live", started_at: "2026-03-02T07:00:00Z", reconnect_until: null };

  assert.deepEqual([timesFor(stream, late).leftLabel, timesFor(stream, late).left], ["Over by", "1:10"]);
});

test("an interrupted class shows for how long it is held", () => {
  const stream = {
    state: "interrupted",
    started_at: "2026-03-02T07:00:00Z",
    reconnect_until: "2026-03-02T07:11:30Z",
  };

  assert.deepEqual([timesFor(stream, TIMES).clockLabel, timesFor(stream, TIMES).clock], ["Held for", "1:30"]);
});

test("before the class there is one clock, rough when it is far", () => {
  const stream = { state: "preview", started_at: null, reconnect_until: null };
  const far = { ...TIMES, now: Date.parse("2026-03-01T07:00:00Z") };

  assert.deepEqual(timesFor(stream, TIMES), { clockLabel: "Late by", clock: "10:00", leftLabel: "", left: "" });
  assert.deepEqual(timesFor(stream, far), { clockLabel: "Starts in", clock: "24 h", leftLabel: "", left: "" });
});
