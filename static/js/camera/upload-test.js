/** How much this device can send: two uploads to our own server, a small one for the way there, a larger one for the width. */

const SMALL = 16 * 1024;
const LARGE = 384 * 1024;
const PROBE_TIMEOUT_MS = 6000;

/**
 * { bits } a second, measured; { bits, slower: true } when even that was not reached in time; { words } when there was no
 * answer to measure.
 */
export async function measureUpload(address) {
  try {
    const [short, long] = [await send(address, SMALL), await send(address, LARGE)];
    if (long === null || short === null) {
      return { bits: (LARGE * 8) / (PROBE_TIMEOUT_MS / 1000), slower: true };
    }
    // The first may have had to find its way; then the second alone is the better witness.
    return { bits: ((LARGE - SMALL) * 8) / (Math.max(1, long / 2, long - short) / 1000) };
  } catch (error) {
    return { words: error.message };
  }
}

/** Milliseconds; null when it took too long. */
async function send(address, bytes) {
  const began = performance.now();
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/octet-stream",
        "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "",
      },
      body: noise(bytes),
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
  } catch (error) {
    if (error.name === "TimeoutError" || error.name === "AbortError") {
      return null;
    }
    throw new Error("We could not reach our server to measure. Check your connection.");
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

/** Nothing on the way can make it smaller. */
function noise(bytes) {
  const data = new Uint8Array(bytes);
  const most = 65536; // of one call
  for (let at = 0; at < bytes; at += most) {
    crypto.getRandomValues(data.subarray(at, Math.min(bytes, at + most)));
  }
  return data;
}
