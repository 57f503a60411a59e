/** Emoji by their names: ":fire:" becomes one as it is typed, and ":fi" suggests some. */

import { EMOJI } from "./emoji-names.js";
import { Suggest } from "./suggest.js";

const NAMES = Object.keys(EMOJI);
const TYPED = /(?:^|[^\w:])(:[a-z0-9_]{2,})$/i;
const FINISHED = /:([a-z0-9_]+):$/i;
const ANYWHERE = /:([a-z0-9_]+):/gi;

/** Names that begin so, then names that hold it; each emoji once. */
function find(typed) {
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

/** Every name in a text that is one of ours. */
export const withEmoji = (text) => text.replace(ANYWHERE, (whole, name) => EMOJI[name.toLowerCase()] ?? whole);

/** In this text field; `others`: more providers of suggestions. */
export function offerEmoji(input, others = []) {
  input.addEventListener("input", ({ isComposing }) => {
    const end = input.selectionStart;
    const [whole, name] = input.value.slice(0, end).match(FINISHED) ?? [];
    const picture = EMOJI[name?.toLowerCase()];
    if (picture && !isComposing) {
      input.setRangeText(picture, end - whole.length, end, "end");
    }
  });
  return new Suggest(input, [{ pattern: TYPED, find }, ...others]);
}
