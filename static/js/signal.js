/** The facts about the instructor's signal, in words and units, and what to change in the encoder. */

import { make, say } from "./dom.js";

const ALL_WELL = "All is well.";

const FACTS = [
  ["Picture", ({ width, height }) => width && height && `${width}x${height}`],
  ["Frames", ({ fps }) => fps && `${fps.toFixed(0)} a second`],
  ["Bitrate", ({ bitrate }) => bitrate && `${(bitrate / 1e6).toFixed(1)} Mbit/s`],
  ["Keyframe", ({ keyframe_gap: gap }) => gap && `every ${gap.toFixed(1)} s`],
  ["Video", ({ video_codec: codec }) => codec],
  ["Sound", ({ audio_codec: codec }) => codec || "none"],
];

export function showSignal(root, { connected, facts, words }) {
  const list = root.querySelector("[data-signal]");
  const known = FACTS.map(([name, read]) => [name, connected && facts && read(facts)]).filter(([, value]) => value);
  list.hidden = known.length === 0;
  list.replaceChildren(
    ...known.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, String(value)))),
  );
  const note = root.querySelector("[data-signal-note]");
  const faults = words.filter((word) => word !== ALL_WELL);
  note.hidden = faults.length === 0;
  say(note.querySelector("[data-signal-words]"), faults.join(" "));
}
