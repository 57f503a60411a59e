/** Calling somebody by name. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { calls, Mentions } from "../../static/js/chat/mentions.js";

const PEOPLE = ["Cleo", "Clément", "Ben"].map((username, index) => ({
  user_id: index + 1,
  username,
  role: "member",
}));

const typed = (text) => new Mentions().pattern.exec(text)?.[1];

test("a name is called whatever its letters' size, and not as the beginning of a longer one", () => {
  assert.equal(calls("Well done, @cleo!", "Cleo"), true);
  assert.equal(calls("@CLÉMENT", "Clément"), true);
  assert.equal(calls("@Cleopatra", "Cleo"), false);
  assert.equal(calls("Cleo", "Cleo"), false);
  assert.equal(calls("@", ""), false);
});

test("a name with a blank is called as a whole", () => {
  assert.equal(calls("@Ana Maria, look", "Ana Maria"), true);
  assert.equal(calls("@Ana, look", "Ana Maria"), false);
});

test("an address is no call", () => {
  assert.equal(typed("hello @cl"), "@cl");
  assert.equal(typed("me@cl"), undefined);
});

test("who is here is suggested, without the reader", () => {
  const mentions = new Mentions();
  mentions.welcome({ you: { user_id: 1 } });
  mentions.know({ type: "presence", people: PEOPLE });

  assert.deepEqual(mentions.find("@CL"), [{ text: "@Clément", label: "Clément" }]);
});

test("a frame that names nobody changes nothing", () => {
  const mentions = new Mentions();
  mentions.know({ people: PEOPLE });
  mentions.know({ type: "pong" });

  assert.equal(mentions.people.length, 3);
});
