/** Reactions: the buttons, the pictures that float over the class, and a quiet count for those who want no motion. */

import { say } from "../lib/dom.js";

const PICTURES = new URL("../../icons/reactions.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";
const POOL = 12;
const SPREAD = 900; // what was shown in a second floats up within one
const FLOATS_FOR = 2600; // as long as the animation in reactions.css
const COUNT_FOR = 3000;
const CHEER_FOR = 4000;
// Below what the server allows, so that nobody at their screen is refused.
const AT_ONCE = 8;
const REFILL_EVERY = 300;

const still = matchMedia("(prefers-reduced-motion: reduce)");

export function glyph(reaction) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${PICTURES}#${reaction}`);
  svg.append(use);
  return svg;
}

export class Reactions {
  constructor(root, send, mediaTime) {
    this.root = root;
    this.send = send;
    this.mediaTime = mediaTime;
    this.layer = root.querySelector("[data-floats]");
    this.line = root.querySelector("[data-cheers]");
    this.own = new Map(); // shown here already, and not yet counted by the room
    this.floating = 0;
    this.left = AT_ONCE;
    this.counted = new Map();
    root.querySelectorAll("[data-react]").forEach((button) => {
      button.addEventListener("click", () => this.#tap(button));
    });
    setInterval(() => {
      this.left = Math.min(AT_ONCE, this.left + 1);
    }, REFILL_EVERY);
  }

  /** Everybody's of the last second; one's own were shown when they were tapped. */
  show({ counts, cheers, more }) {
    for (const [reaction, count] of Object.entries(counts)) {
      const mine = Math.min(count, this.own.get(reaction) ?? 0);
      this.own.set(reaction, (this.own.get(reaction) ?? 0) - mine);
      this.#rise(reaction, count - mine);
    }
    if (cheers.length > 0) {
      this.#cheers(cheers, more);
    }
  }

  #tap(button) {
    const reaction = button.dataset.react;
    if (this.left < 1 || !this.send({ type: "react", reaction, media_time: this.mediaTime() })) {
      return;
    }
    this.left -= 1;
    this.own.set(reaction, (this.own.get(reaction) ?? 0) + 1);
    this.#rise(reaction, 1);
  }

  #rise(reaction, count) {
    if (still.matches) {
      this.#count(reaction, count);
      return;
    }
    const shown = Math.min(count, POOL - this.floating);
    for (let number = 0; number < shown; number += 1) {
      this.floating += 1;
      setTimeout(() => this.#float(reaction), count === 1 ? 0 : (number * SPREAD) / shown);
    }
  }

  #float(reaction) {
    const picture = glyph(reaction);
    picture.classList.add("float", `reaction-${reaction}`);
    picture.style.setProperty("--at", `${8 + Math.random() * 34}%`);
    picture.style.setProperty("--sway", `${Math.round(Math.random() * 40 - 20)}px`);
    this.layer.append(picture);
    // Not at the animation's end: a picture that is not on the screen has none.
    setTimeout(() => {
      picture.remove();
      this.floating -= 1;
    }, FLOATS_FOR);
  }

  /** Without motion: how many, on the button, for a moment. */
  #count(reaction, count) {
    const label = this.root.querySelector(`[data-shown="${CSS.escape(reaction)}"]`);
    if (!label || count < 1) {
      return;
    }
    const before = this.counted.get(reaction) ?? { count: 0 };
    clearTimeout(before.timer);
    const timer = setTimeout(() => {
      this.counted.delete(reaction);
      say(label, "");
    }, COUNT_FOR);
    this.counted.set(reaction, { count: before.count + count, timer });
    say(label, `+${before.count + count}`);
  }

  /** Quietly: seen by who looks, read aloud to nobody. Whom it is for has a line of their own. */
  #cheers(cheers, more) {
    if (!this.line) {
      return;
    }
    const words = cheers.slice(0, 2).map(({ username, to_username: to }) => `${username} cheers ${to}`);
    const rest = more + cheers.length - words.length;
    this.line.hidden = false;
    say(this.line, words.join(" · ") + (rest > 0 ? ` and ${rest} more` : ""));
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.line.hidden = true;
    }, CHEER_FOR);
  }
}
