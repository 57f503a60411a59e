/**
 * A list of suggestions above a text field, for what is being typed at its caret.
 *
 * Each provider: `pattern` matches the text before the caret up to its end, its first group being what is replaced;
 * `find(typed)` gives, or promises, [{text, label, hint}]: what is put there, what is shown, and a word beside it.
 * The field keeps the focus and its role; arrows move, Enter and Tab take, Escape closes.
 */

import { make, plural, say } from "./dom.js";

const AT_ONCE = 6;
let lists = 0;

export class Suggest {
  constructor(input, providers) {
    this.input = input;
    this.providers = providers;
    this.id = `suggestions-${(lists += 1)}`;
    this.list = make("ul", { class: "suggestions", id: this.id, role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.status = make("span", { class: "visually-hidden", role: "status" });
    input.after(this.list, this.status);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.addEventListener("input", ({ isComposing }) => isComposing || this.look());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus, and a phone its keyboard
      this.#take([...this.list.children].indexOf(event.target.closest("li")));
    });
  }

  get open() {
    return !this.list.hidden;
  }

  /** Looks at what stands before the caret. */
  async look() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    const asked = (this.asked = {});
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
    this.asked = null;
    this.list.hidden = true;
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
    say(this.status, "");
  }

  #show(found, from, to) {
    if (found.length === 0) {
      this.close();
      return;
    }
    Object.assign(this, { found, from, to });
    const option = ({ label, hint }, index) =>
      make(
        "li",
        { role: "option", id: `${this.id}-${index}` },
        make("span", { dir: "auto" }, label),
        hint && make("span", { class: "muted" }, hint),
      );
    this.list.replaceChildren(...found.map(option));
    this.list.hidden = false;
    this.input.setAttribute("aria-controls", this.id);
    say(this.status, plural(found.length, "suggestion", "suggestions"));
    this.#choose(0);
  }

  #choose(index) {
    this.chosen = (index + this.found.length) % this.found.length;
    [...this.list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.chosen));
    });
    this.input.setAttribute("aria-activedescendant", `${this.id}-${this.chosen}`);
  }

  #key(event) {
    const act = {
      ArrowDown: () => this.#choose(this.chosen + 1),
      ArrowUp: () => this.#choose(this.chosen - 1),
      Enter: () => this.#take(this.chosen),
      Tab: () => this.#take(this.chosen),
      Escape: () => this.close(),
    }[event.key];
    if (this.open && act && !event.isComposing) {
      event.preventDefault();
      act();
    }
  }

  #take(index) {
    const chosen = this.found[index];
    if (chosen) {
      const gap = this.input.value[this.to] === " " ? "" : " ";
      this.input.setRangeText(`${chosen.text}${gap}`, this.from, this.to, "end");
      this.close();
    }
  }
}
