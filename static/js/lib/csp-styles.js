/**
 * Lets media-chrome's own style elements through our content security policy.
 *
 * Each of its elements writes a <style> into its shadow root; without `unsafe-inline` the browser ignores those.
 * This gives them the page's nonce instead, read from the stylesheet link that carries it.
 * Import it before media-chrome. https://github.com/muxinc/media-chrome/issues/898
 */

/** @typedef {CustomElementConstructor & { getTemplateHTML?: (...values: unknown[]) => string }} Templated */

const link = document.querySelector("link[nonce]");
const nonce = link instanceof HTMLLinkElement ? link.nonce : "";
const define = customElements.define.bind(customElements);

customElements.define = (name, /** @type {Templated} */ element, options) => {
  const original = element.getTemplateHTML;
  if (nonce && name.startsWith("media-") && typeof original === "function") {
    /** @param {unknown[]} values */
    element.getTemplateHTML = function withNonce(...values) {
      return original.apply(this, values).replaceAll(/<style(?! nonce)/g, `<style nonce="${nonce}"`);
    };
  }
  define(name, element, options);
};
