/** Time in words and digits, in the reader's own zone. */

const pad = (number) => String(number).padStart(2, "0");

/** 75 -> "1:15", 3675 -> "1:01:15". */
export function clockText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const rest = pad(left % 60);
  return hours ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** 130 -> "2 minutes 10 seconds", for ears. */
export function spokenTime(seconds) {
  const left = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(left / 3600), "hour"],
    [Math.floor((left % 3600) / 60), "minute"],
    [left % 60, "second"],
  ].filter(([count]) => count);
  return parts.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ") || "0 seconds";
}

/** A wait of more than a day reads better in words: "2 days 4 h". */
export function waitText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  if (left < 24 * 3600) {
    return clockText(left);
  }
  const days = Math.floor(left / 86400);
  const hours = Math.floor((left % 86400) / 3600);
  return `${days} ${days === 1 ? "day" : "days"}${hours ? ` ${hours} h` : ""}`;
}

/** Calls `show(secondsLeft)` each second until `stop()` is called; the server's clock decides. */
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

const FORMATS = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: { weekday: "long", day: "numeric", month: "long" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

export function shortTime(ms) {
  return new Date(ms).toLocaleTimeString("en-GB", FORMATS.time);
}

/** Rewrites `<time datetime data-local="time|date|moment">`, for readers whose zone the server does not know. */
export function localise(root = document) {
  for (const element of root.querySelectorAll("time[data-local]")) {
    const format = FORMATS[element.dataset.local];
    const moment = new Date(element.dateTime);
    if (format && !Number.isNaN(moment.getTime())) {
      element.textContent = new Intl.DateTimeFormat("en-GB", format).format(moment);
    }
  }
}

/** Fills hidden zone fields at sign-up, and offers the browser's zone where the account says another. */
export function offerZone(root = document) {
  const zone = readersZone();
  for (const field of root.querySelectorAll("input[type=hidden][name=time_zone]")) {
    field.value ||= zone;
  }
  const offer = root.querySelector("[data-zone-offer]");
  const select = root.querySelector("select[name=time_zone]");
  if (offer && select && select.value !== zone && [...select.options].some((option) => option.value === zone)) {
    offer.querySelector("[data-zone-name]").textContent = zone.replaceAll("_", " ");
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      select.value = zone;
      offer.hidden = true;
      select.focus();
    });
  }
}
