/** Words over the picture while there is none: what happens, how long it may take, what to press. */

import { find, say } from "../lib/dom.js";
import { clockText, countDown } from "../lib/time.js";

/**
 * @typedef {object} Words
 * @property {string} title
 * @property {string} [words]
 * @property {string | null} [until] counts down to it by the server's clock
 * @property {number} [skewMs]
 * @property {string} [action] the label of the button
 */

export class Slate {
  /** @type {{ stop(): void } | null} */
  counter = null;

  /**
   * @param {HTMLElement} screen holds elements marked data-slate, data-slate-title, -count, -words and -action
   * @param {() => void} act what the button does
   */
  constructor(screen, act) {
    this.part = (name = "") => find(screen, `[data-slate${name}]`);
    this.part("-action").addEventListener("click", act);
  }

  /** @param {Words} words */
  show({ title, words = "", until = null, skewMs = 0, action = "" }) {
    this.counter?.stop();
    this.part().hidden = false;
    say(this.part("-title"), title);
    say(this.part("-words"), words);
    this.part("-count").hidden = !until;
    this.counter = until ? countDown(until, (left) => say(this.part("-count"), clockText(left)), skewMs) : null;
    this.part("-action").hidden = !action;
    say(this.part("-action"), action);
  }

  clear() {
    this.counter?.stop();
    this.part().hidden = true;
  }
}
