/** What this device remembers for its next class, and whether this tab was on air a moment ago. */

const CHOICES = "camera-choices";
const ON_AIR = "camera-on-air";
// The longest that a class is held for, and some: later the instructor looks at the picture again first.
const FRESH_MS = 5 * 60 * 1000;

/**
 * @typedef {object} Choices
 * @property {string} cameraId empty: the one on the side that `facing` says
 * @property {string} facing user or environment
 * @property {string} microphoneId
 * @property {boolean} music
 * @property {boolean} mirror
 *
 * @typedef {{ muted: boolean, paused: boolean }} OnAir what comes back after a reload
 */

/** @type {Choices} */
const FIRST = { cameraId: "", facing: "user", microphoneId: "", music: false, mirror: true };

/** @returns {Choices} */
export function load() {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(CHOICES) ?? "{}") };
  } catch {
    return { ...FIRST };
  }
}

/** @param {Choices} choices */
export function save(choices) {
  keep(() => localStorage.setItem(CHOICES, JSON.stringify(choices)));
}

/**
 * @param {string | undefined} streamId
 * @param {OnAir} details
 */
export function onAir(streamId, details) {
  keep(() => sessionStorage.setItem(ON_AIR, JSON.stringify({ streamId, at: Date.now(), ...details })));
}

export function offAir() {
  keep(() => sessionStorage.removeItem(ON_AIR));
}

/**
 * What onAir() kept, when it was this stream and a moment ago; otherwise null.
 * @param {string | undefined} streamId
 * @returns {OnAir | null}
 */
export function wasOnAir(streamId) {
  try {
    const found = JSON.parse(sessionStorage.getItem(ON_AIR) ?? "null");
    return found?.streamId === streamId && Date.now() - found.at < FRESH_MS ? found : null;
  } catch {
    return null;
  }
}

/**
 * Storage may be forbidden or full: then nothing is remembered.
 * @param {() => void} write
 */
function keep(write) {
  try {
    write();
  } catch {
    return;
  }
}
