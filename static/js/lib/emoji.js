/** Emoji by their names: ":fire:" becomes one as it is typed, and ":fi" suggests some. */

import { EMOJI } from "./emoji-names.js";
import { Suggest } from "./suggest.js";

const NAMES = Object.keys(EMOJI);
const TYPED = /(?:^|[^\w:])(:[a-z0-9_]{2,})$/i;
const FINISHED = /:([a-z0-9_]+):$/i;
const ANYWHERE = /:([a-z0-9_]+):/gi;

/**
 * Names that begin with what was typed after the colon, then names that contain it; each emoji once.
 * @param {string} typed
 */
export function findEmoji(typed) {
  const part = typed.slice(1).toLowerCase();
  const ordered = [
    ...NAMES.filter((name) => name.startsWith(part)),
    ...NAMES.filter((name) => !name.startsWith(part) && name.includes(part)),
  ];
  const seen = new Set();
  return ordered
    .filter((name) => !seen.has(EMOJI[name]) && seen.add(EMOJI[name]))
    .map((name) => ({ text: EMOJI[name], label: EMOJI[name], hint: name.replaceAll("_", " ") }));
}

/**
 * The text, with emoji instead of their names.
 * @param {string} text
 */
export const withEmoji = (text) =>
  text.replace(ANYWHERE, (whole, /** @type {string} */ name) => EMOJI[name.toLowerCase()] ?? whole);

/**
 * Replaces names by emoji as they are typed into this field.
 * @param {HTMLInputElement} input
 * @param {import("./suggest.js").Provider[]} others more providers of suggestions
 */
export function offerEmoji(input, others = []) {
  input.addEventListener("input", (event) => {
    const end = input.selectionStart ?? 0;
    const [whole, name] = input.value.slice(0, end).match(FINISHED) ?? [];
    const picture = name && EMOJI[name.toLowerCase()];
    if (whole && picture && !isComposing(event)) {
      input.setRangeText(picture, end - whole.length, end, "end");
    }
  });
  return new Suggest(input, [{ pattern: TYPED, find: findEmoji }, ...others]);
}

/**
 * Whether an input method is still composing: the field then holds text that is not final.
 * @param {Event} event
 */
const isComposing = (event) => event instanceof InputEvent && event.isComposing;
