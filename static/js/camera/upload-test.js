/** Measures how much this device can send: a small upload for the delay, a larger one for the bandwidth. */

import { csrfToken } from "../lib/api.js";
import { wordsOf } from "../lib/dom.js";

const SMALL = 16 * 1024;
const LARGE = 384 * 1024;
const PROBE_TIMEOUT_MS = 6000;

/**
 * Bits a second, measured; with `slower` when even these were not reached in time; `words` when there was no answer to
 * measure.
 * @typedef {{ bits: number, slower?: boolean, words?: undefined } | { words: string }} Upload
 */

/**
 * @param {string} address
 * @returns {Promise<Upload>}
 */
export async function measureUpload(address) {
  try {
    const [short, long] = [await send(address, SMALL), await send(address, LARGE)];
    if (long === null || short === null) {
      return { bits: (LARGE * 8) / (PROBE_TIMEOUT_MS / 1000), slower: true };
    }
    // The first may include connecting; then the second alone is the better measure.
    return { bits: ((LARGE - SMALL) * 8) / (Math.max(1, long / 2, long - short) / 1000) };
  } catch (error) {
    return { words: wordsOf(error) };
  }
}

/**
 * Milliseconds; null when it took too long.
 * @param {string} address
 * @param {number} bytes
 */
async function send(address, bytes) {
  const began = performance.now();
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": csrfToken() },
      body: noise(bytes),
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
  } catch (error) {
    if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) {
      return null;
    }
    throw new Error("We could not reach our server to measure. Check your connection.", { cause: error });
  }
  if (!response.ok) {
    throw new Error(
      response.status === 429
        ? "You measured often enough: wait a minute, then check again."
        : "Our server did not answer. It may still work: try to go live.",
    );
  }
  return performance.now() - began;
}

/**
 * Random bytes, which nothing on the way can compress.
 * @param {number} bytes
 */
function noise(bytes) {
  const data = new Uint8Array(bytes);
  const most = 65536; // of one call
  for (let at = 0; at < bytes; at += most) {
    crypto.getRandomValues(data.subarray(at, Math.min(bytes, at + most)));
  }
  return data;
}
