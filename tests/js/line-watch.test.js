/** When a line is too poor for WebRTC. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { LineWatch } from "../../static/js/webrtc/line-watch.js";

const START = { frames: 0, packets: 0, lost: 0, frozen: 0, delay: 0.2 };

/** Lets so many seconds pass, each adding to what arrived; the seconds after which it was poor, or null. */
async function poorAfter(context, seconds, { hidden = false } = {}) {
  Object.assign(globalThis, { document: { hidden } });
  context.mock.timers.enable({ apis: ["setInterval"] });
  const now = { ...START };
  let poor = false;
  let told = 0;
  const watch = new LineWatch(
    { numbers: async () => ({ ...now }) },
    {
      poor: () => (poor = true),
      told: () => (told += 1),
    },
  );
  context.mock.timers.tick(1000);
  await settled();
  for (const [index, second] of seconds.entries()) {
    now.frames += second.frames ?? 30;
    now.packets += second.packets ?? 200;
    now.lost += second.lost ?? 0;
    now.frozen += second.frozen ?? 0;
    context.mock.timers.tick(1000);
    await settled();
    if (poor) {
      assert.equal(told, index + 2);
      return index + 1;
    }
  }
  watch.stop();
  return null;
}

const settled = () => new Promise((done) => setImmediate(done));

test("a good line is told of and nothing else", async (context) => {
  assert.equal(await poorAfter(context, Array(20).fill({})), null);
});

test("three seconds without a frame are too many", async (context) => {
  assert.equal(await poorAfter(context, Array(5).fill({ frames: 0 })), 3);
});

test("five bad seconds of twelve are too many, four are not", async (context) => {
  const lossy = { lost: 40 };

  assert.equal(await poorAfter(context, [lossy, {}, lossy, {}, lossy, {}, lossy, {}, lossy]), 9);
});

test("bad seconds are forgotten", async (context) => {
  const frozen = { frozen: 0.6 };
  const calm = Array(8).fill({});

  assert.equal(await poorAfter(context, [frozen, frozen, frozen, frozen, ...calm, frozen, ...calm]), null);
});

test("a page that nobody sees is not judged", async (context) => {
  assert.equal(await poorAfter(context, Array(6).fill({ frames: 0 }), { hidden: true }), null);
});
