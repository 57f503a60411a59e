/** The words for a room's rules, names for drafts, and who moderates. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rulesInWords } from "../../static/js/chat/moderation.js";
import { newClientId } from "../../static/js/lib/client-id.js";
import { ownPath, plural } from "../../static/js/lib/dom.js";
import { moderates } from "../../static/js/lib/roles.js";

const FREE = {
  slow_seconds: 0,
  established_days: 0,
  links: true,
  emoji_only: false,
  frozen: false,
  delay_seconds: 0,
};

test("a room without rules says nothing", () => {
  assert.equal(rulesInWords(FREE), "");
});

test("each rule has its sentence", () => {
  assert.equal(
    rulesInWords({ ...FREE, slow_seconds: 10, established_days: 1, links: false }),
    "Slow mode: one message every 10 seconds. Only people who have been in the club for 1 day write. No links.",
  );
  assert.equal(
    rulesInWords({ ...FREE, frozen: true, delay_seconds: 5, emoji_only: true }),
    "The talk is paused: only those who run the class write. Messages appear after 5 seconds. Emoji only.",
  );
});

test("no two drafts have one name, and the server takes it", () => {
  const made = Array.from({ length: 200 }, () => newClientId("q-"));

  assert.equal(new Set(made).size, 200);
  assert.ok(made.every((name) => /^q-[\x21-\x7e]{1,62}$/.test(name)));
});

test("those who run a class and its moderators moderate, a member does not", () => {
  const roles = ["instructor", "owner", "operator", "moderator", "member"];

  assert.deepEqual(roles.map(moderates), [true, true, true, true, false]);
});

test("an address that leads elsewhere is not followed", () => {
  assert.equal(ownPath("/classes/3"), "/classes/3");
  for (const address of ["//evil.example", "/\\evil.example", "https://evil.example", "", undefined]) {
    assert.equal(ownPath(address), "/notifications");
  }
});

test("one is one, and thousands have a comma", () => {
  assert.equal(plural(1, "vote", "votes"), "1 vote");
  assert.equal(plural(1200, "vote", "votes"), "1,200 votes");
});
