/** The arithmetic of rewinding: what part of the class can be gone back to, and where a wish leads. */

// So close to live is live.
const AT_LIVE = 2;
// The oldest position to go to: closer to its beginning the window would leave it behind at once.
const MARGIN = 6;
// A window shorter than this is not worth a bar.
const WORTH_A_BAR = 20;

/** @typedef {{ start: number, oldest: number, edge: number }} RewindWindow in seconds, on the video's time line */

/**
 * Null while nobody knows where the playlist begins and ends.
 * @param {{ start: number | null, edge: number | null } | null} source
 * @returns {RewindWindow | null}
 */
export function windowOf(source) {
  const { start = null, edge = null } = source ?? {};
  return start !== null && edge !== null && Number.isFinite(start) && Number.isFinite(edge)
    ? { start, oldest: start + MARGIN, edge }
    : null;
}

/**
 * Whether so many seconds behind the edge count as live.
 * @param {number} behind
 */
export const isLive = (behind) => behind < AT_LIVE;

/**
 * Where a wish to go to `time` leads: "live", or a position, which is the oldest one for whoever wants further back.
 * @param {RewindWindow} found
 * @param {number} time
 */
export function positionFor({ oldest, edge }, time) {
  return time > edge - AT_LIVE || oldest > edge - AT_LIVE ? "live" : Math.max(time, oldest);
}

/**
 * Seconds that the bar covers; 0 where there should be none.
 * @param {RewindWindow | null} found
 */
export function barLength(found) {
  const length = found ? found.edge - found.oldest : 0;
  return length < WORTH_A_BAR ? 0 : length;
}
