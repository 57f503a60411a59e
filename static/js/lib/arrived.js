/** Takes back templates/components/late.html: what imports this has arrived, with all that it imports. */

document.querySelector("[data-late]")?.remove();
