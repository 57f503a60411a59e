/** The bell: unread count and fresh notifications over /ws/me. Tells the page by "ffc:notification". */

import { Backoff } from "../lib/backoff.js";
import { find, icon, make, ownPath, plural } from "../lib/dom.js";

const TOAST_FOR = 12000;
const SIGNED_OUT = [4401, 4403];

/** @typedef {{ type: "unread", count: number } | Page.Notification} BellFrame */

/** @param {string} path */
function address(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/**
 * @param {HTMLElement} bell
 * @param {number} count
 */
function showCount(bell, count) {
  const badge = find(bell, "[data-bell-count]");
  badge.hidden = count === 0;
  badge.textContent = count > 99 ? "99+" : String(count);
  const words = count ? `Notifications: ${plural(count, "unread", "unread")}` : "Notifications";
  bell.setAttribute("aria-label", words);
}

/** @param {Page.Notification} notification */
function showToast({ title, body, url }) {
  document.querySelector(".toast")?.remove();
  const close = make("button", { type: "button", class: "icon-button", "aria-label": "Put away" }, icon("close"));
  const toast = make(
    "div",
    { class: "toast", role: "status" },
    make("strong", { dir: "auto" }, title),
    body ? make("span", { dir: "auto" }, body) : null,
    make("a", { href: ownPath(url) }, "Open"),
    close,
  );
  close.addEventListener("click", () => toast.remove());
  document.body.append(toast);
  setTimeout(() => toast.matches(":focus-within") || toast.remove(), TOAST_FOR);
}

/**
 * @param {HTMLElement} bell
 * @param {BellFrame} frame
 */
function take(bell, frame) {
  if (frame.type === "unread") {
    showCount(bell, frame.count);
  } else if (frame.type === "notification") {
    document.dispatchEvent(new CustomEvent("ffc:notification", { detail: frame }));
    if (location.pathname !== ownPath(frame.url)) {
      showToast(frame);
    }
  }
}

/** @param {HTMLElement} bell */
export function ring(bell) {
  const backoff = new Backoff({ first: 1000, most: 60000 });
  const connect = () => {
    const socket = new WebSocket(address(bell.dataset.socket ?? ""));
    socket.addEventListener("message", ({ data }) => {
      backoff.reset();
      for (const frame of [JSON.parse(data)].flat()) {
        take(bell, frame);
      }
    });
    socket.addEventListener("close", ({ code }) => {
      // Coming back would be refused again.
      if (!SIGNED_OUT.includes(code)) {
        setTimeout(connect, backoff.next());
      }
    });
  };
  connect();
}
