/** hls.js's side of the story in hls-gap-fix.js, as far as it listens: a playlist goes on, nothing is loaded. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { stepOverGaps } from "../../static/js/player/hls-gap-fix.js";

const PARTS = [
  [8, true],
  [8.2, false],
  [10, true],
  [10.2, false],
  [10.4, false],
];

/** Where the picture is after the playlist went on. */
function soughtAfter(context, { end, now, quiet = 700, paused = false }) {
  context.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const listeners = {};
  const hls = {
    on: (event, listener) => {
      listeners[event] ??= [];
      listeners[event].push(listener);
    },
  };
  const names = new Proxy({}, { get: (_, event) => event });
  const buffered = { length: 1, start: () => 0, end: () => end };
  const video = { currentTime: now, paused, seeking: false, buffered };
  stepOverGaps(video, hls, names);
  context.mock.timers.tick(quiet);
  const partList = PARTS.map(([start, independent]) => ({ start, independent }));
  for (const heard of listeners.LEVEL_UPDATED) {
    heard("LEVEL_UPDATED", { details: { partList, partEnd: 10.6 } });
  }
  return video.currentTime;
}

test("a buffer that ends a microsecond early is stepped over", (context) => {
  assert.equal(soughtAfter(context, { end: 9.999999, now: 9.8 }), 10.002);
});

test("a buffer that is still long is left alone", (context) => {
  assert.equal(soughtAfter(context, { end: 9.999999, now: 8 }), 8);
});

test("something that was loaded just now is given time", (context) => {
  assert.equal(soughtAfter(context, { end: 9.999999, now: 9.8, quiet: 0 }), 9.8);
});

test("a playlist that does not go on offers nothing", (context) => {
  assert.equal(soughtAfter(context, { end: 10.6, now: 10.5 }), 10.5);
});

test("whoever paused stays", (context) => {
  assert.equal(soughtAfter(context, { end: 9.999999, now: 9.8, paused: true }), 9.8);
});
