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

/**
 * @param {string} session the API's path of the stream
 * @param {"join" | "renew"} action renewing never takes the seat of another device
 * @returns {Promise<{ stream_urls: Api.StreamUrls }>}
 */
export function ask(session, action) {
  return post(`${session}/${action}`, { device: device() });
}

/**
 * What the slate says.
 * @param {import("../lib/api.js").ApiError} error
 */
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
