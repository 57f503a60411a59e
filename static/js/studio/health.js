/** How the instructor's signal is: the worst fault and its cure first, the rest, the numbers, and their course. */

import { find, icon, make, maybe, say } from "../lib/dom.js";
import { rateText } from "../webrtc/signal-stats.js";
import { sparkline } from "./sparkline.js";

/** @type {Record<string, [string, string]>} by severity: how the note looks, and its sign */
const LOOKS = { ok: ["success", "check"], warn: ["warning", "warning"], bad: ["error", "warning"] };
// The page says this already, where the picture would be.
const SAID_ELSEWHERE = "signal:none";
/** @type {Record<number, string>} */
const LAYOUTS = { 1: "mono", 2: "stereo", 6: "5.1" };

/** @type {[string, (now: Api.Signal) => string | number | false | null][]} */
const NUMBERS = [
  ["Picture", ({ width, height }) => width && height && `${width}x${height}`],
  ["Frames", ({ fps }) => fps && `${fps.toFixed(0)} a second`],
  ["Bitrate", ({ bitrate }) => bitrate && rateText(bitrate)],
  ["Keyframe", ({ keyframe_gap: gap }) => gap && `every ${gap.toFixed(1)} s`],
  ["Lost frames", ({ lost, missing }) => (missing ? `${lost}, ${(missing * 100).toFixed(1)} % now` : String(lost))],
  ["B-frames", ({ b_frames: used }) => used !== null && (used ? "in use" : "none")],
  ["Video", ({ video_codec: codec, profile }) => [codec, profile].filter(Boolean).join(" ")],
  ["Sound", sound],
];

/**
 * @param {HTMLElement} root
 * @param {Api.Health} health
 */
export function showHealth(root, health) {
  const now = health.connected ? health.now : null;
  showWords(
    root,
    health.words.filter(({ code }) => code !== SAID_ELSEWHERE),
  );
  const list = find(root, "[data-signal]");
  const rows = NUMBERS.flatMap(([name, read]) => {
    const value = now && read(now);
    return value ? [make("div", {}, make("dt", {}, name), make("dd", {}, String(value)))] : [];
  });
  list.replaceChildren(...rows);
  list.hidden = rows.length === 0;
  showLevel(root, now);
  if (health.series || !now) {
    showCourse(root, now && health.series ? health.series.points : []);
  }
}

/**
 * @param {HTMLElement} root
 * @param {Api.Diagnosis[]} words the worst first
 */
function showWords(root, words) {
  const [worst, ...others] = words;
  const note = find(root, "[data-health]");
  note.hidden = !worst;
  if (worst) {
    const [look, sign] = LOOKS[worst.severity] ?? LOOKS.warn;
    if (note.dataset.look !== look) {
      note.dataset.look = look;
      note.className = `notice ${look}`;
      maybe(note, ".icon", SVGElement)?.replaceWith(icon(sign));
    }
    say(find(note, "[data-health-message]"), worst.message);
    say(find(note, "[data-health-cure]"), worst.cure);
  }
  const more = find(root, "[data-health-more]");
  more.hidden = others.length === 0;
  const text = others.map(({ message, cure }) => `${message} ${cure}`.trim());
  if (more.dataset.said !== text.join("\n")) {
    more.dataset.said = text.join("\n");
    more.replaceChildren(...text.map((line) => make("li", {}, line)));
  }
}

/**
 * Beside the meter its number, for whoever cannot see or trust a bar.
 * @param {HTMLElement} root
 * @param {Api.Signal | null} now
 */
function showLevel(root, now) {
  const part = find(root, "[data-level]");
  part.hidden = !now || now.level === null;
  if (now && now.level !== null) {
    find(part, "meter", HTMLMeterElement).value = now.level;
    say(find(part, "[data-level-words]"), `${decibels(now.level)}, peak ${decibels(now.peak)}`);
  }
}

/**
 * @param {HTMLElement} root
 * @param {{ at: string, bitrate: number }[]} points
 */
function showCourse(root, points) {
  const part = find(root, "[data-course]");
  part.hidden = points.length < 2;
  if (part.hidden) {
    return;
  }
  const rates = points.map(({ bitrate }) => bitrate);
  const words = `Between ${rateText(Math.min(...rates))} and ${rateText(Math.max(...rates))} in the last ten minutes`;
  say(find(part, "[data-course-words]"), words);
  const chart = sparkline(points.map(({ at, bitrate }) => [new Date(at).getTime() / 1000, bitrate]));
  find(part, "[data-course-chart]").replaceChildren(chart);
}

/** @param {Api.Signal} now */
function sound({ audio_codec: codec, audio_channels: channels, audio_rate: rate, audio_bitrate: bits }) {
  if (!codec) {
    return "none";
  }
  const parts = [
    codec,
    LAYOUTS[channels ?? 0],
    rate && `${rate / 1000} kHz`,
    bits && `${Math.round(bits / 1000)} kbit/s`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** @param {number} level */
const decibels = (level) => (level <= -120 ? "silence" : `${level.toFixed(0).replace("-", "\u2212")} dB`);
