/** Calling somebody by name: suggestions of those who are here while one types `@`, and knowing that one is called. */

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

/** A provider of suggestions (see suggest.js). */
export class Mentions {
  constructor() {
    this.pattern = /(?:^|[^\p{L}\p{N}])(@[^@]{1,30})$/u;
    this.people = [];
  }

  welcome({ you }) {
    this.me = you.user_id;
  }

  /** Who is here; from any frame that says so. */
  know({ people }) {
    this.people = (people ?? this.people).filter(({ user_id: id }) => id !== this.me);
  }

  find(typed) {
    const begun = typed.slice(1).toLocaleLowerCase();
    return this.people
      .filter(({ username }) => username.toLocaleLowerCase().startsWith(begun))
      .map(({ username }) => ({ text: `@${username}`, label: username }));
  }
}
