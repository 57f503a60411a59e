/** What every page needs: local times, the bell, copy buttons, questions before what cannot be undone. */

import { ring } from "./bell.js";
import { copyButtons } from "../lib/copy.js";
import { all, find, maybe } from "../lib/dom.js";
import { localise, offerZone } from "../lib/time.js";

/** A form with data-confirm="#dialog" is sent only after the dialog was answered with yes. */
function askFirst() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || form.dataset.confirmed) {
      return;
    }
    const dialog = maybe(document, form.dataset.confirm, HTMLDialogElement);
    if (!dialog) {
      return;
    }
    event.preventDefault();
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "yes") {
          form.dataset.confirmed = "yes";
          form.requestSubmit(event.submitter ?? undefined);
          delete form.dataset.confirmed;
        }
      },
      { once: true },
    );
  });
}

function closeMenus() {
  const open = () => all(document, "details.menu[open]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of open()) {
      if (!(target instanceof Node && menu.contains(target))) {
        menu.removeAttribute("open");
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of open()) {
        menu.removeAttribute("open");
        find(menu, "summary").focus();
      }
    }
  });
}

if (document.documentElement.dataset.zone === "unknown") {
  localise();
}
offerZone();
askFirst();
closeMenus();
copyButtons();

const bell = maybe(document, "[data-bell]");
if (bell) {
  ring(bell);
}
