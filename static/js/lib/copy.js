/** Buttons marked data-copy="#id" copy that element's text; the button says that it did. */

import { around, find, maybe, say } from "./dom.js";

const SAID_FOR = 2500;

/** @param {string} text */
async function write(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain http away from localhost has no clipboard API.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) {
    throw new Error("The browser did not copy.");
  }
}

/** @param {Document | HTMLElement} root */
export function copyButtons(root = document) {
  root.addEventListener("click", async (event) => {
    const button = around(event, "[data-copy]");
    if (!button) {
      return;
    }
    const label = maybe(button, "[data-label]") ?? button;
    button.dataset.was ??= label.textContent ?? "";
    const { was } = button.dataset;
    try {
      await write((find(document, button.dataset.copy ?? "").textContent ?? "").trim());
      say(label, "Copied");
    } catch {
      say(label, "Select and copy it by hand");
    }
    setTimeout(() => say(label, was), SAID_FOR);
  });
}
