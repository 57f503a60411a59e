/**
 * A list of suggestions above a text field, for what is being typed at its caret.
 *
 * The field keeps the focus and its role; arrows move, Enter and Tab take, Escape closes.
 */

import { around, make, plural, say } from "./dom.js";

/**
 * @typedef {object} Suggestion
 * @property {string} text what is put into the field
 * @property {string} label what is shown
 * @property {string} [hint] a word beside it
 *
 * @typedef {object} Provider
 * @property {RegExp} pattern matches the text before the caret up to its end; its first group is what is replaced
 * @property {(typed: string) => Suggestion[] | Promise<Suggestion[]>} find
 */

const AT_ONCE = 6;
let lists = 0;

export class Suggest {
  /** @type {Suggestion[]} */
  found = [];
  from = 0;
  to = 0;
  chosen = 0;
  /** Number of the newest request; answers to older ones come too late. */
  asked = 0;

  /**
   * @param {HTMLInputElement} input
   * @param {Provider[]} providers
   */
  constructor(input, providers) {
    this.input = input;
    this.providers = providers;
    lists += 1;
    this.id = `suggestions-${lists}`;
    this.list = make("ul", {
      class: "suggestions",
      id: this.id,
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.status = make("span", { class: "visually-hidden", role: "status" });
    input.after(this.list, this.status);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.addEventListener("input", (event) => {
      if (!(event instanceof InputEvent && event.isComposing)) {
        this.look();
      }
    });
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus, and a phone its keyboard
      const option = around(event, "li");
      this.#take(option ? [...this.list.children].indexOf(option) : -1);
    });
  }

  get open() {
    return !this.list.hidden;
  }

  /** Suggests for the text before the caret. */
  async look() {
    const before = this.input.value.slice(0, this.input.selectionStart ?? 0);
    this.asked += 1;
    const { asked } = this;
    for (const provider of this.providers) {
      const typed = before.match(provider.pattern)?.[1];
      if (typed) {
        const found = (await provider.find(typed)).slice(0, AT_ONCE);
        if (asked === this.asked) {
          this.#show(found, before.length - typed.length, before.length);
        }
        return;
      }
    }
    this.close();
  }

  close() {
    this.asked += 1;
    this.list.hidden = true;
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
    say(this.status, "");
  }

  /**
   * @param {Suggestion[]} found
   * @param {number} from
   * @param {number} to
   */
  #show(found, from, to) {
    if (found.length === 0) {
      this.close();
      return;
    }
    Object.assign(this, { found, from, to });
    const options = found.map(({ label, hint }, index) =>
      make(
        "li",
        { role: "option", id: `${this.id}-${index}` },
        make("span", { dir: "auto" }, label),
        hint && make("span", { class: "muted" }, hint),
      ),
    );
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-controls", this.id);
    say(this.status, plural(found.length, "suggestion", "suggestions"));
    this.#choose(0);
  }

  /** @param {number} index */
  #choose(index) {
    this.chosen = (index + this.found.length) % this.found.length;
    [...this.list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === this.chosen));
    });
    this.input.setAttribute("aria-activedescendant", `${this.id}-${this.chosen}`);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowDown: () => this.#choose(this.chosen + 1),
      ArrowUp: () => this.#choose(this.chosen - 1),
      Enter: () => this.#take(this.chosen),
      Tab: () => this.#take(this.chosen),
      Escape: () => this.close(),
    };
    const act = acts[event.key];
    if (this.open && act && !event.isComposing) {
      event.preventDefault();
      act();
    }
  }

  /** @param {number} index */
  #take(index) {
    const chosen = this.found[index];
    if (chosen) {
      const gap = this.input.value[this.to] === " " ? "" : " ";
      this.input.setRangeText(`${chosen.text}${gap}`, this.from, this.to, "end");
      this.close();
    }
  }
}
