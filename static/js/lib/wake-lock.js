/**
 * Keeps the screen on while the picture plays: nobody touches a phone in the middle of a plank.
 * @param {HTMLVideoElement} video
 */
export function keepAwake(video) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let asking = false;

  const ask = async () => {
    asking = true;
    // Refused on a low battery: then the screen may go dark.
    const given = await navigator.wakeLock.request("screen").catch(() => null);
    asking = false;
    lock = given;
    given?.addEventListener("release", () => {
      lock = null;
    });
    if (video.paused) {
      given?.release();
    }
  };

  const update = () => {
    const wanted = !video.paused && document.visibilityState === "visible";
    if (wanted && !lock && !asking && "wakeLock" in navigator) {
      ask();
    } else if (!wanted) {
      lock?.release().catch(() => {});
    }
  };

  for (const name of ["playing", "pause", "ended", "emptied"]) {
    video.addEventListener(name, update);
  }
  // The browser lets go when the page is hidden.
  document.addEventListener("visibilitychange", update);
}
