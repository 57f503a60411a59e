/** Time in words and digits, in the reader's own zone. */

import { all, find, maybe } from "./dom.js";

/** @param {number} number */
const pad = (number) => String(number).padStart(2, "0");

/**
 * 75 -> "1:15", 3675 -> "1:01:15".
 * @param {number} seconds
 */
export function clockText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const rest = pad(left % 60);
  return hours ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/**
 * 130 -> "2 minutes 10 seconds", for ears.
 * @param {number} seconds
 */
export function spokenTime(seconds) {
  const left = Math.max(0, Math.round(seconds));
  /** @type {[number, string][]} */
  const units = [
    [Math.floor(left / 3600), "hour"],
    [Math.floor((left % 3600) / 60), "minute"],
    [left % 60, "second"],
  ];
  const parts = units.filter(([count]) => count);
  return parts.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ") || "0 seconds";
}

/**
 * A clock below a day, words above: "2 days 4 h".
 * @param {number} seconds
 */
export function waitText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  if (left < 24 * 3600) {
    return clockText(left);
  }
  const days = Math.floor(left / 86400);
  const hours = Math.floor((left % 86400) / 3600);
  return `${days} ${days === 1 ? "day" : "days"}${hours ? ` ${hours} h` : ""}`;
}

/**
 * Calls `show(secondsLeft)` each second until `stop()` is called; the server's clock decides.
 * @param {string | number} until
 * @param {(secondsLeft: number) => void} show
 * @param {number} skewMs how far the server's clock is ahead of ours
 */
export function countDown(until, show, skewMs = 0) {
  const target = new Date(until).getTime();
  const tick = () => show((target - Date.now() - skewMs) / 1000);
  tick();
  const timer = setInterval(tick, 1000);
  return { stop: () => clearInterval(timer) };
}

export function readersZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMATS = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: { weekday: "long", day: "numeric", month: "long" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

/**
 * The time of day in the reader's zone: "17:05".
 * @param {number} ms since 1970
 */
export function shortTime(ms) {
  return new Date(ms).toLocaleTimeString("en-GB", FORMATS.time);
}

/**
 * Rewrites `<time datetime data-local="time|date|moment">`, for readers whose zone the server does not know.
 * @param {ParentNode} root
 */
export function localise(root = document) {
  for (const element of all(root, "time[data-local]", HTMLTimeElement)) {
    const format = FORMATS[element.dataset.local ?? ""];
    const moment = new Date(element.dateTime);
    if (format && !Number.isNaN(moment.getTime())) {
      element.textContent = new Intl.DateTimeFormat("en-GB", format).format(moment);
    }
  }
}

/**
 * Fills hidden zone fields at sign-up, and offers the browser's zone where the account says another.
 * @param {ParentNode} root
 */
export function offerZone(root = document) {
  const zone = readersZone();
  for (const field of all(root, "input[type=hidden][name=time_zone]", HTMLInputElement)) {
    field.value ||= zone;
  }
  const offer = maybe(root, "[data-zone-offer]");
  const select = maybe(root, "select[name=time_zone]", HTMLSelectElement);
  if (offer && select && select.value !== zone && [...select.options].some((option) => option.value === zone)) {
    find(offer, "[data-zone-name]").textContent = zone.replaceAll("_", " ");
    offer.hidden = false;
    find(offer, "button").addEventListener("click", () => {
      select.value = zone;
      offer.hidden = true;
      select.focus();
    });
  }
}
