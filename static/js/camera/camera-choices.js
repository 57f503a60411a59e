/** What this device remembers for its next class, and whether this tab was on air a moment ago. */

const CHOICES = "camera-choices";
const ON_AIR = "camera-on-air";
// The longest that a class is held for, and some: later the instructor looks at the picture again first.
const FRESH = 5 * 60 * 1000;

const FIRST = { cameraId: "", facing: "user", microphoneId: "", music: false, mirror: true };

export function load() {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(CHOICES)) };
  } catch {
    return { ...FIRST };
  }
}

export function save(choices) {
  keep(() => localStorage.setItem(CHOICES, JSON.stringify(choices)));
}

/** `details` come back after a reload: { muted, paused }. */
export function onAir(streamId, details) {
  keep(() => sessionStorage.setItem(ON_AIR, JSON.stringify({ streamId, at: Date.now(), ...details })));
}

export function offAir() {
  keep(() => sessionStorage.removeItem(ON_AIR));
}

/** What onAir() kept, when it was this stream and a moment ago; otherwise null. */
export function wasOnAir(streamId) {
  try {
    const found = JSON.parse(sessionStorage.getItem(ON_AIR));
    return found?.streamId === streamId && Date.now() - found.at < FRESH ? found : null;
  } catch {
    return null;
  }
}

/** Storage may be forbidden or full: then nothing is remembered. */
function keep(write) {
  try {
    write();
  } catch {
    return;
  }
}
