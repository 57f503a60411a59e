/** The API of this site: one envelope in, one kind of error out. */

export class ApiError extends Error {
  /**
   * @param {number} status 0 when the network did not answer, or not in time
   * @param {Api.Fault} error
   * @param {number} retryAfter seconds, 0 when the server did not say
   */
  constructor(status, error, retryAfter = 0) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.fields = error.fields ?? {};
    this.retryAfter = retryAfter;
  }

  /** Asking again later may help: the network, the server or a limit was in the way, not a rule. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * What was thrown, when it is an ApiError; anything else is a fault of our own and is thrown again.
 * @param {unknown} error
 * @returns {ApiError}
 */
export function apiError(error) {
  if (error instanceof ApiError) {
    return error;
  }
  throw error;
}

// A dead connection gives no answer at all: without a timeout nobody would ask again.
const REQUEST_TIMEOUT_MS = 10000;

const OFFLINE = {
  code: "offline",
  message: "We cannot reach FitFriendsClubs. Check your connection; we keep trying.",
};
const BROKEN = {
  code: "broken",
  message: "Our side did not answer as it should. Please try again in a moment.",
};

/** Every page holds a form with the token. */
export function csrfToken() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field instanceof HTMLInputElement ? field.value : "";
}

/**
 * Calls `path` and returns the reply without its `success`. Throws ApiError.
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<T>}
 */
export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": csrfToken(),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch {
    throw new ApiError(0, OFFLINE);
  }
  if (response.status === 204) {
    return /** @type {T} */ ({});
  }
  const reply = await response.json().catch(() => null);
  if (response.ok && reply?.success) {
    return reply;
  }
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  // A success whose body broke off is no answer.
  throw new ApiError(response.ok ? 0 : response.status, reply?.error ?? BROKEN, retryAfter);
}

/**
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export const get = (path) => call("GET", path);

/**
 * @template T
 * @param {string} path
 * @param {object} body
 * @returns {Promise<T>}
 */
export const post = (path, body = {}) => call("POST", path, body);
