/** Emoji by their names: ":fire:" becomes one as it is typed, and ":fi" suggests some. */

import { EMOJI } from "./emoji-names.js";
import { Suggest } from "./suggest.js";

const NAMES = Object.keys(EMOJI);
const TYPED = /(?:^|[^\w:])(:[a-z0-9_]{2,})$/i;
const FINISHED = /:([a-z0-9_]+):$/i;
const ANYWHERE = /:([a-z0-9_]+):/gi;

/**
 * Names that begin with what was typed behind the colon, then names that hold it; each emoji once.
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
 * The text with an emoji for every name that is one of ours.
 * @param {string} text
 */
export const withEmoji = (text) =>
  text.replace(ANYWHERE, (whole, /** @type {string} */ name) => EMOJI[name.toLowerCase()] ?? whole);

/**
 * Names become emoji in this text field.
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
 * Whether an input method is still at work: what stands in the field then is not yet what the writer means.
 * @param {Event} event
 */
const isComposing = (event) => event instanceof InputEvent && event.isComposing;
