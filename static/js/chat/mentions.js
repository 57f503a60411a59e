/** Calling somebody by name: suggestions of those who are here while one types `@`, and knowing that one is called. */

/**
 * Whether the text calls this person; the server decides whom it tells.
 * @param {string} text
 * @param {string} name
 */
export function calls(text, name) {
  const at = text.toLocaleLowerCase().indexOf(`@${name.toLocaleLowerCase()}`);
  const after = text.charAt(at + 1 + name.length);
  return name !== "" && at >= 0 && !/[\p{L}\p{N}]/u.test(after);
}

/** @type {string | null} what the page was called before somebody called */
let title = null;

/**
 * A page in the background says in its title that somebody calls, until it is looked at.
 * @param {string} name
 */
export function callBack(name) {
  if (!document.hidden) {
    return;
  }
  title ??= document.title;
  const before = title;
  document.title = `${name} calls you · ${before}`;
  document.addEventListener("visibilitychange", () => (document.title = before), { once: true });
}

/** A provider of suggestions (see suggest.js). */
export class Mentions {
  pattern = /(?:^|[^\p{L}\p{N}])(@[^@]{1,30})$/u;
  /** @type {Room.Person[]} who is here, without the reader */
  people = [];
  /** @type {number | undefined} */
  me;

  /** @param {{ you: { user_id: number } }} frame */
  welcome({ you }) {
    this.me = you.user_id;
  }

  /**
   * Who is here; from any frame that says so.
   * @param {object} frame
   */
  know(frame) {
    const { people } = /** @type {{ people?: Room.Person[] }} */ (frame);
    this.people = (people ?? this.people).filter(({ user_id: id }) => id !== this.me);
  }

  /** @param {string} typed begins with @ */
  find(typed) {
    const begun = typed.slice(1).toLocaleLowerCase();
    return this.people
      .filter(({ username }) => username.toLocaleLowerCase().startsWith(begun))
      .map(({ username }) => ({ text: `@${username}`, label: username }));
  }
}
