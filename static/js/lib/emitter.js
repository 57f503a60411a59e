/** An EventTarget that knows the types of its events' details by their names. */

/** @template {object} Events the detail of each event, by its name */
export class Emitter extends EventTarget {
  /**
   * Calls `heard(detail)` for each event; the returned function removes the listener.
   * @template {keyof Events & string} Name
   * @param {Name} name
   * @param {(detail: Events[Name]) => void} heard
   */
  on(name, heard) {
    /** @param {Event} event */
    const listener = (event) => heard(/** @type {CustomEvent<Events[Name]>} */ (event).detail);
    this.addEventListener(name, listener);
    return () => this.removeEventListener(name, listener);
  }

  /**
   * @template {keyof Events & string} Name
   * @param {Name} name
   * @param {Events[Name]} [detail]
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
