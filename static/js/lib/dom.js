/** Small helpers for finding and building elements; text is always text. */

/**
 * The element that the template promises; throws when it is missing, for then page and script do not fit together.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T}
 */
export function find(root, selector, type) {
  const found = maybe(root, selector, type);
  if (!found) {
    throw new Error(`This page has no ${selector}.`);
  }
  return found;
}

/**
 * The same for an element that only some pages have; null without it.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T | null}
 */
export function maybe(root, selector, type) {
  const found = root.querySelector(selector);
  return isOf(found, type) ? found : null;
}

/**
 * All matching elements, in document order.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T[]}
 */
export function all(root, selector, type) {
  return [...root.querySelectorAll(selector)].filter((one) => isOf(one, type));
}

/**
 * The closest matching element around the target of an event.
 * @template {Element} [T=HTMLElement]
 * @param {Event} event
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T | null}
 */
export function around(event, selector, type) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return isOf(found, type) ? found : null;
}

/**
 * @template {Element} T
 * @param {Element | null} found
 * @param {(new () => T) | undefined} type
 * @returns {found is T}
 */
function isOf(found, type) {
  return found instanceof (type ?? HTMLElement);
}

/**
 * make("li", {class: "message", dataset: {id: 3}}, "text", child)
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | null | undefined | false | 0)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && typeof value === "object") {
      Object.assign(element.dataset, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => typeof child === "string" || child instanceof Node));
  return element;
}

/** @typedef {Record<string, string | number | boolean | null | undefined | Record<string, string | number>>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * A picture of a sprite; the page knows the addresses of ours.
 * @param {string} name
 * @param {string | undefined} sprite
 * @param {string} look its class
 */
export function icon(name, sprite = document.documentElement.dataset.icons, look = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", look);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Sets text only when it changed, so that a live region does not repeat itself.
 * @param {Element | null | undefined} element
 * @param {string} text
 */
export function say(element, text) {
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export const plural = (count, one, many) => `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

/**
 * A path on this site, whatever the message claims.
 * @param {unknown} address
 */
export function ownPath(address) {
  return typeof address === "string" && /^\/(?![/\\])/.test(address) ? address : "/notifications";
}

/**
 * The message of something that was thrown.
 * @param {unknown} error
 */
export const wordsOf = (error) => (error instanceof Error ? error.message : String(error));
