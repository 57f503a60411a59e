/**
 * A page whose scripts did not all arrive would stay dead: one file that gets lost on a phone's line takes its whole
 * module with it, and browsers do not ask again. So the page is loaded again, later and later, three times at most.
 *
 * Not a module, and before them: it hears what becomes of them.
 */

(() => {
  const KEY = "boot";
  const WAITS = [500, 3000, 10000];
  const FORGET = 60000;

  function tries() {
    const [count, at] = (sessionStorage.getItem(KEY) ?? "0 0").split(" ").map(Number);
    return Date.now() - at < FORGET ? count : 0;
  }

  function again({ target }) {
    if (!(target instanceof HTMLScriptElement)) {
      return;
    }
    removeEventListener("error", again, true);
    try {
      const before = tries();
      if (before < WAITS.length) {
        sessionStorage.setItem(KEY, `${before + 1} ${Date.now()}`);
        setTimeout(() => location.reload(), WAITS[before]);
      }
    } catch {
      // Storage forbidden: nobody would count, and the page might load for ever.
    }
  }

  addEventListener("error", again, true);
})();
