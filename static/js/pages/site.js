/** What every page needs: local times, the bell, copy buttons, questions before what cannot be undone. */

import { ring } from "./bell.js";
import { copyButtons } from "../lib/copy.js";
import { localise, offerZone } from "../lib/time.js";

/** A form with data-confirm="#dialog" is sent only after the dialog was answered with yes. */
function askFirst() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const dialog = form.dataset.confirm && document.querySelector(form.dataset.confirm);
    if (!dialog || form.dataset.confirmed) {
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
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      open().forEach((menu) => {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      });
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

const bell = document.querySelector("[data-bell]");
if (bell) {
  ring(bell);
}
