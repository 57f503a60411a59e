/** Words over the picture while there is none: what happens, how long it may take, what to press. */

import { say } from "../lib/dom.js";
import { clockText, countDown } from "../lib/time.js";

export class Slate {
  /** `screen` holds elements marked data-slate, data-slate-title, -count, -words and -action. */
  constructor(screen, act) {
    this.part = (name) => screen.querySelector(`[data-slate${name}]`);
    this.part("-action").addEventListener("click", act);
  }

  /** `until` counts down by the server's clock; `action` is the label of the button. */
  show({ title, words = "", until = null, skewMs = 0, action = "" }) {
    this.counter?.stop();
    this.part("").hidden = false;
    say(this.part("-title"), title);
    say(this.part("-words"), words);
    this.part("-count").hidden = !until;
    this.counter = until && countDown(until, (left) => say(this.part("-count"), clockText(left)), skewMs);
    this.part("-action").hidden = !action;
    say(this.part("-action"), action);
  }

  clear() {
    this.counter?.stop();
    this.part("").hidden = true;
  }
}
