/** Client ids: what is sent again under the same id is stored once. */

let made = 0;

/** @param {string} prefix */
export function newClientId(prefix = "") {
  made += 1;
  return `${prefix}${Date.now().toString(36)}-${made}-${Math.random().toString(36).slice(2, 8)}`;
}
