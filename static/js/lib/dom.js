/** Small helpers for building elements from data; text is always text. */

/** make("li", {class: "message", dataset: {id: 3}}, "text", child) */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Sets text only when it changed, so that a live region does not repeat itself. */
export function say(element, text) {
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}

export const plural = (count, one, many) => `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

/** At most one path on this site, whatever a message claims. */
export function ownPath(address) {
  return typeof address === "string" && /^\/(?![/\\])/.test(address) ? address : "/notifications";
}
