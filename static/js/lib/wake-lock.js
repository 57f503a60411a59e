/** Keeps the screen on while the picture plays: nobody touches a phone in the middle of a plank. */
export function keepAwake(video) {
  let lock = null;
  let asking = false;

  const update = async () => {
    const wanted = !video.paused && document.visibilityState === "visible";
    if (wanted && !lock && !asking && navigator.wakeLock) {
      asking = true;
      // Refused on a low battery: then the screen may go dark.
      lock = await navigator.wakeLock.request("screen").catch(() => null);
      asking = false;
      lock?.addEventListener("release", () => {
        lock = null;
      });
      if (video.paused) {
        lock?.release();
      }
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
