/** Emoji by their names. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { findEmoji, withEmoji } from "../../static/js/lib/emoji.js";

test("names in a text become emoji, and other words stay", () => {
  assert.equal(withEmoji("Go :fire: :FIRE: :nonsense: 10:30:00"), "Go 🔥 🔥 :nonsense: 10:30:00");
});

test("names that begin so come before names that hold it", () => {
  const found = findEmoji(":fi").map(({ hint }) => hint);

  const begin = found.filter((hint) => hint.startsWith("fi"));

  assert.ok(begin.includes("fire"));
  assert.deepEqual(found.slice(0, begin.length), begin);
  assert.ok(found.length > begin.length);
  assert.ok(found.every((hint) => hint.replaceAll(" ", "_").includes("fi")));
});

test("an emoji with two names is suggested once", () => {
  const pictures = findEmoji(":fl").map(({ text }) => text);

  assert.deepEqual(pictures, [...new Set(pictures)]);
});
