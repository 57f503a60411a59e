/** Waits that grow. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../static/js/lib/backoff.js";

test("each step is twice the last, up to the longest, with half of it as jitter", (context) => {
  const jitter = context.mock.method(Math, "random", () => 0.5);
  const backoff = new Backoff({ first: 100, most: 500 });

  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => backoff.next()),
    [100, 200, 400, 500, 500],
  );
  jitter.mock.mockImplementation(() => 0);
  assert.equal(backoff.next(), 250);
  jitter.mock.mockImplementation(() => 0.999);
  assert.ok(backoff.next() < 750);
});

test("after a success it begins anew", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  const backoff = new Backoff({ first: 100, most: 500 });
  backoff.next();
  backoff.next();

  backoff.reset();

  assert.equal(backoff.next(), 100);
});
