/** Asking for a seat: which device asks, and the words for a refusal. */

import { post } from "../lib/api.js";

const KEY = "device";

/** This tab's own name: the same after a reload, another one in another tab. */
function device() {
  try {
    const known = sessionStorage.getItem(KEY);
    if (known) {
      return known;
    }
    // Not randomUUID(): over plain http it is there on localhost only.
    const fresh = crypto.getRandomValues(new Uint32Array(4)).join("-");
    sessionStorage.setItem(KEY, fresh);
    return fresh;
  } catch {
    return ""; // storage forbidden: the server goes by the session
  }
}

/** `action`: join, or renew, which never takes another device's place. `session`: the API's path of the stream. */
export function ask(session, action) {
  return post(`${session}/${action}`, { device: device() });
}

/** For the slate. */
export function refusal(error) {
  if (error.code === "stream:full") {
    return {
      title: "Every seat is taken",
      words: "We ask again by ourselves; you come in as soon as somebody leaves.",
      action: "Try now",
    };
  }
  if (error.code === "stream:places") {
    return { title: "You are watching on another device", words: error.message, action: "Watch here" };
  }
  const title = error.passing ? "We cannot reach the class" : "This class is not open to you";
  return { title, words: error.message };
}
