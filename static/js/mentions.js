/** Calling somebody by name: a list of those who are here while one types `@`, and knowing that one is called. */

import { make, plural, say } from "./dom.js";

const MOST = 6;
const TITLE = document.title;

/** Whether the text calls this person; the server decides whom it tells. */
export function calls(text, name) {
  const at = text.toLocaleLowerCase().indexOf(`@${name.toLocaleLowerCase()}`);
  const after = text.charAt(at + 1 + name.length);
  return name !== "" && at >= 0 && !/[\p{L}\p{N}]/u.test(after);
}

/** A page in the background says in its title that somebody calls, until it is looked at. */
export function callBack(name) {
  if (!document.hidden) {
    return;
  }
  document.title = `${name} calls you · ${TITLE}`;
  document.addEventListener("visibilitychange", () => (document.title = TITLE), { once: true });
}

/** A listbox above the input: arrows choose, Enter or Tab takes, Escape closes. The focus stays in the input. */
export class Mentions {
  constructor(root) {
    this.input = root.querySelector("#talk-say");
    this.list = root.querySelector("[data-mentions]");
    this.status = root.querySelector("[data-mentions-status]");
    this.people = [];
    this.input.addEventListener("input", () => this.#offer());
    this.input.addEventListener("blur", () => this.#close());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    // The list must not take the focus from the input before the click counts.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.#takeRow(target.closest("[role=option]")));
  }

  welcome({ you }) {
    this.me = you.user_id;
  }

  /** Who is here; from any frame that says so. */
  know({ people }) {
    this.people = (people ?? this.people).filter(({ user_id: id }) => id !== this.me);
  }

  #typed() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    return /(?:^|[^\p{L}\p{N}])@([^@]{0,30})$/u.exec(before)?.[1];
  }

  #offer() {
    const typed = this.#typed()?.toLocaleLowerCase();
    const fits = ({ username }) => username.toLocaleLowerCase().startsWith(typed);
    const found = typed === undefined ? [] : this.people.filter(fits).slice(0, MOST);
    this.list.replaceChildren(
      ...found.map(({ username }, place) =>
        make("li", { role: "option", id: `mention-${place}`, "aria-selected": "false", dir: "auto" }, username),
      ),
    );
    this.list.hidden = found.length === 0;
    if (found.length) {
      this.#mark(0);
      say(this.status, `${plural(found.length, "name", "names")}. Arrows choose, Enter takes.`);
    } else {
      this.#close();
    }
  }

  #mark(place) {
    const rows = [...this.list.children];
    this.place = (place + rows.length) % rows.length;
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.place)));
    this.input.setAttribute("aria-activedescendant", rows[this.place].id);
  }

  #key(event) {
    if (this.list.hidden || event.isComposing) {
      return;
    }
    const act = {
      ArrowDown: () => this.#mark(this.place + 1),
      ArrowUp: () => this.#mark(this.place - 1),
      Enter: () => this.#takeRow(this.list.children[this.place]),
      Tab: () => this.#takeRow(this.list.children[this.place]),
      Escape: () => this.#close(),
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #takeRow(row) {
    if (row) {
      const end = this.input.selectionStart;
      const start = end - this.#typed().length;
      this.input.setRangeText(`${row.textContent} `, start, end, "end");
      this.#close();
    }
  }

  #close() {
    this.list.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
    say(this.status, "");
  }
}
