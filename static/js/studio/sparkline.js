/** A line as large as a word: how a number went, without axes. Its meaning is in the words beside it. */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 40;
const EDGE = 2;
// A point that is missing breaks the line.
const LONGEST_STEP = 1.9;

/** @param {[number, number][]} points moments in seconds, ascending, with their values */
export function sparkline(points) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", line(points));
  path.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(path);
  return svg;
}

/**
 * From zero up, so that a small swing looks small.
 * @param {[number, number][]} points
 */
export function line(points) {
  const [from] = points[0];
  const [until] = points[points.length - 1];
  const step = Math.min(...points.slice(1).map(([at], index) => at - points[index][0]));
  const top = Math.max(...points.map(([, value]) => value), 1);
  /** @param {number} at */
  const x = (at) => EDGE + ((at - from) / (until - from || 1)) * (WIDTH - 2 * EDGE);
  /** @param {number} value */
  const y = (value) => HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE);
  return points
    .map(([at, value], index) => {
      const broken = index === 0 || at - points[index - 1][0] > step * LONGEST_STEP;
      return `${broken ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
}
