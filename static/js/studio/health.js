/** How the instructor's signal is: the worst fault and its cure first, the rest, the numbers, and their course. */

import { icon, make, say } from "../lib/dom.js";
import { sparkline } from "./sparkline.js";

const LOOKS = { ok: ["success", "check"], warn: ["warning", "warning"], bad: ["error", "warning"] };
// The page says this already, where the picture would be.
const SAID_ELSEWHERE = "signal:none";
const LAYOUTS = { 1: "mono", 2: "stereo", 6: "5.1" };

const NUMBERS = [
  ["Picture", ({ width, height }) => width && height && `${width}x${height}`],
  ["Frames", ({ fps }) => fps && `${fps.toFixed(0)} a second`],
  ["Bitrate", ({ bitrate }) => bitrate && mega(bitrate)],
  ["Keyframe", ({ keyframe_gap: gap }) => gap && `every ${gap.toFixed(1)} s`],
  ["Lost frames", ({ lost, missing }) => (missing ? `${lost}, ${(missing * 100).toFixed(1)} % now` : String(lost))],
  ["B-frames", ({ b_frames: used }) => used !== null && (used ? "in use" : "none")],
  ["Video", ({ video_codec: codec, profile }) => [codec, profile].filter(Boolean).join(" ")],
  ["Sound", sound],
];

export function showHealth(root, health) {
  const now = health.connected ? health.now : null;
  showWords(root, health.words.filter(({ code }) => code !== SAID_ELSEWHERE));
  const list = root.querySelector("[data-signal]");
  const known = NUMBERS.map(([name, read]) => [name, now && read(now)]).filter(([, value]) => value);
  list.replaceChildren(...known.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
  list.hidden = known.length === 0;
  showLevel(root, now);
  if (health.series || !now) {
    showCourse(root, now && health.series ? health.series.points : []);
  }
}

function showWords(root, words) {
  const [worst, ...others] = words;
  const note = root.querySelector("[data-health]");
  note.hidden = !worst;
  if (worst) {
    const [look, sign] = LOOKS[worst.severity] ?? LOOKS.warn;
    if (note.dataset.look !== look) {
      note.dataset.look = look;
      note.className = `notice ${look}`;
      note.querySelector(".icon")?.replaceWith(icon(sign));
    }
    say(note.querySelector("[data-health-message]"), worst.message);
    say(note.querySelector("[data-health-cure]"), worst.cure);
  }
  const more = root.querySelector("[data-health-more]");
  more.hidden = others.length === 0;
  const text = others.map(({ message, cure }) => `${message} ${cure}`.trim());
  if (more.dataset.said !== text.join("\n")) {
    more.dataset.said = text.join("\n");
    more.replaceChildren(...text.map((line) => make("li", {}, line)));
  }
}

/** Beside the meter its number, for whoever cannot see or trust a bar. */
function showLevel(root, now) {
  const part = root.querySelector("[data-level]");
  const known = now && now.level !== null;
  part.hidden = !known;
  if (known) {
    part.querySelector("meter").value = now.level;
    say(part.querySelector("[data-level-words]"), `${decibels(now.level)}, peak ${decibels(now.peak)}`);
  }
}

function showCourse(root, points) {
  const part = root.querySelector("[data-course]");
  part.hidden = points.length < 2;
  if (part.hidden) {
    return;
  }
  const rates = points.map(({ bitrate }) => bitrate);
  const words = `Between ${mega(Math.min(...rates))} and ${mega(Math.max(...rates))} in the last ten minutes`;
  say(part.querySelector("[data-course-words]"), words);
  const chart = sparkline(points.map(({ at, bitrate }) => [new Date(at).getTime() / 1000, bitrate]));
  part.querySelector("[data-course-chart]").replaceChildren(chart);
}

function sound({ audio_codec: codec, audio_channels: channels, audio_rate: rate, audio_bitrate: bits }) {
  if (!codec) {
    return "none";
  }
  const parts = [codec, LAYOUTS[channels], rate && `${rate / 1000} kHz`, bits && `${Math.round(bits / 1000)} kbit/s`];
  return parts.filter(Boolean).join(" ");
}

const mega = (bits) => (bits < 1e6 ? `${Math.round(bits / 1000)} kbit/s` : `${(bits / 1e6).toFixed(1)} Mbit/s`);
const decibels = (level) => (level <= -120 ? "silence" : `${level.toFixed(0).replace("-", "\u2212")} dB`);
