/** Where a wish to go back leads, and what is buffered where. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bufferedFrom, secondsBehind } from "../../static/js/player/live-edge.js";
import { barLength, isLive, positionFor, windowOf } from "../../static/js/player/rewind-window.js";

const WINDOW = { start: 100, oldest: 106, edge: 400 };

const buffered = (parts) => ({
  length: parts.length,
  start: (index) => parts[index][0],
  end: (index) => parts[index][1],
});

test("the window is known when both of its ends are", () => {
  assert.deepEqual(windowOf({ start: 100, edge: 400 }), WINDOW);
  assert.equal(windowOf({ start: null, edge: 400 }), null);
  assert.equal(windowOf({ start: 100, edge: Number.POSITIVE_INFINITY }), null);
  assert.equal(windowOf(null), null);
});

test("a position inside the window is taken, an older one becomes the oldest", () => {
  assert.equal(positionFor(WINDOW, 250), 250);
  assert.equal(positionFor(WINDOW, 398), 398);
  assert.equal(positionFor(WINDOW, Number.NEGATIVE_INFINITY), 106);
});

test("close to the edge is live, and so is everything in a window that is too short", () => {
  assert.equal(positionFor(WINDOW, 398.1), "live");
  assert.equal(positionFor(WINDOW, 1000), "live");
  assert.equal(positionFor({ start: 395, oldest: 401, edge: 400 }, 396), "live");
  assert.deepEqual([0, 1.9, 2, 60].map(isLive), [true, true, false, false]);
});

test("a bar is shown for a window that is worth one", () => {
  assert.equal(barLength(WINDOW), 294);
  assert.equal(barLength({ start: 0, oldest: 6, edge: 25 }), 0);
  assert.equal(barLength(null), 0);
});

test("behind live is never below nothing, and nothing while the edge is unknown", () => {
  assert.equal(secondsBehind(400, 390), 10);
  assert.equal(secondsBehind(400, 401), 0);
  assert.equal(secondsBehind(null, 390), 0);
  assert.equal(secondsBehind(undefined, 390), 0);
});

test("what is buffered from a position on ends with its own part", () => {
  const parts = buffered([
    [0, 10],
    [12, 20],
  ]);

  assert.equal(bufferedFrom(parts, 4), 6);
  assert.equal(bufferedFrom(parts, 11), 0);
  assert.equal(bufferedFrom(parts, 12), 8);
  assert.equal(bufferedFrom(parts, 20), 0);
});
