/** What the camera page says of a picture, its light, the sound and the line. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { codec, light, picture, sound, summary, upload } from "../../static/js/camera/checks.js";

const HEARD = { awake: true, loudest: -20, seconds: 9, music: false };

const short = ({ look, words }) => `${look}: ${words.split(/[.:,]/)[0]}`;

test("each trouble has its words", () => {
  const results = [
    picture({ width: 720, height: 1280, fps: 30 }),
    picture({ width: 1280, height: 720, fps: 0 }),
    light({ mean: 5, spread: 1 }),
    light({ mean: 40, spread: 30 }),
    light({ mean: 230, spread: 20 }),
    sound({ ...HEARD, loudest: -90 }),
    sound({ ...HEARD, loudest: 0 }),
    sound({ ...HEARD, loudest: -45 }),
    upload({ bits: 6e5, slower: true }),
    upload({ bits: 2e6 }),
    codec({ h264: false, vp8: false, opus: true }),
  ];

  assert.deepEqual(results.map(short), [
    "warn: Upright",
    "bad: Your picture stands still",
    "bad: We see only black",
    "warn: Too dark to see you move",
    "warn: Too bright",
    "bad: We hear nothing",
    "warn: Too loud",
    "warn: Very quiet",
    "bad: Less than 600 kbit/s",
    "warn: 2",
    "bad: This browser cannot make a picture or a sound that we can pass on",
  ]);
});

test("what is well is said with its figure", () => {
  const results = [
    picture({ width: 1280, height: 720, fps: 29.7 }),
    picture({ width: 1280, height: 720, fps: null }),
    light({ mean: 120, spread: 40 }),
    sound(HEARD),
    sound({ ...HEARD, music: true }),
    upload({ bits: 8.4e6 }),
    upload({ bits: 9e7 }),
    codec({ h264: true, vp8: true, opus: true }),
    codec({ h264: false, vp8: true, opus: true }),
  ];

  assert.deepEqual(results, [
    { look: "ok", words: "1280x720, 30 frames a second." },
    { look: "ok", words: "1280x720." },
    { look: "ok", words: "We see you well." },
    { look: "ok", words: "We hear you well." },
    { look: "ok", words: "We hear you, in music mode." },
    { look: "ok", words: "8.4 Mbit/s: enough for a sharp picture." },
    { look: "ok", words: "More than 50 Mbit/s: enough for a sharp picture." },
    { look: "ok", words: "H.264: goes to your members as it is." },
    { look: "ok", words: "VP8: we turn it into what every device plays." },
  ]);
});

test("small and slow pictures are warned of", () => {
  assert.equal(picture({ width: 640, height: 360, fps: 30 }).look, "warn");
  assert.equal(picture({ width: 1280, height: 720, fps: 9 }).look, "warn");
});

test("what is not measured yet is waited for", () => {
  const waiting = [
    picture({ width: 0, height: 0, fps: null }),
    light(null),
    sound({ ...HEARD, awake: false }),
    sound({ ...HEARD, loudest: -90, seconds: 1 }),
    upload(null),
  ];

  assert.deepEqual(
    waiting.map(({ look }) => look),
    Array(5).fill("wait"),
  );
});

test("an upload without an answer keeps the words of its fault", () => {
  assert.deepEqual(upload({ words: "We could not reach our server to measure." }), {
    look: "warn",
    words: "We could not reach our server to measure.",
  });
});

test("one sentence sums up", () => {
  const ok = { look: "ok", words: "" };
  const bad = { look: "bad", words: "" };

  assert.equal(summary({ picture: ok, light: ok }), "All is well. You can go live.");
  assert.equal(summary({ picture: ok, light: bad }), "Look at your light first, or go live as you are.");
  assert.equal(
    summary({ picture: bad, sound: bad, codec: bad }),
    "Look at your picture, sound and format first, or go live as you are.",
  );
  assert.match(summary({ picture: bad, light: { look: "wait", words: "" } }), /^We look at your picture/);
});
