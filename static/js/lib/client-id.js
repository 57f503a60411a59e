/** A name for what was written here and not yet stored, so that sending it again says it once. */

let made = 0;

/** @param {string} prefix */
export function newClientId(prefix = "") {
  made += 1;
  return `${prefix}${Date.now().toString(36)}-${made}-${Math.random().toString(36).slice(2, 8)}`;
}
