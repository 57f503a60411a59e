/** Time in words and digits. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { clockText, countDown, spokenTime, waitText } from "../../static/js/lib/time.js";

test("a clock shows hours only when there are some", () => {
  assert.deepEqual([-3, 0, 9.2, 75, 3599.5, 3675].map(clockText), [
    "0:00",
    "0:00",
    "0:10",
    "1:15",
    "1:00:00",
    "1:01:15",
  ]);
});

test("spoken time leaves out what is nothing", () => {
  assert.deepEqual([0, 1, 60, 130, 3601].map(spokenTime), [
    "0 seconds",
    "1 second",
    "1 minute",
    "2 minutes 10 seconds",
    "1 hour 1 second",
  ]);
});

test("a long wait is said in days", () => {
  assert.deepEqual([90, 86399, 86400, 2 * 86400 + 4 * 3600].map(waitText), [
    "1:30",
    "23:59:59",
    "1 day",
    "2 days 4 h",
  ]);
});

test("a count-down goes by the server's clock until it is stopped", (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const shown = [];
  const counter = countDown(1_010_000, (left) => shown.push(left), 4000);

  context.mock.timers.tick(1000);
  context.mock.timers.tick(1000);
  counter.stop();
  context.mock.timers.tick(5000);

  assert.deepEqual(shown, [6, 5, 4]);
});
