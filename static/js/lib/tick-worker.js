/** A clock that goes on when the page is in the background, where its own timers come once a second. */

/** @type {number | undefined} */
let timer;
self.addEventListener("message", ({ data: every }) => {
  clearInterval(timer);
  if (every > 0) {
    timer = setInterval(() => self.postMessage(0), every);
  }
});
