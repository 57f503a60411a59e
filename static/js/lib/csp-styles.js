/**
 * Lets media-chrome's own style elements through our content security policy.
 *
 * Each of its elements writes a <style> into its shadow root; without `unsafe-inline` the browser ignores those.
 * This gives them the page's nonce instead, read from the stylesheet link that carries it.
 * Import it before media-chrome. https://github.com/muxinc/media-chrome/issues/898
 */

const nonce = document.querySelector("link[nonce]")?.nonce ?? "";
const define = customElements.define.bind(customElements);

customElements.define = (name, element, options) => {
  if (nonce && name.startsWith("media-") && typeof element.getTemplateHTML === "function") {
    const original = element.getTemplateHTML;
    element.getTemplateHTML = function withNonce(...values) {
      return original.apply(this, values).replaceAll(/<style(?! nonce)/g, `<style nonce="${nonce}"`);
    };
  }
  define(name, element, options);
};
