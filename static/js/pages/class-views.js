/** Which part of the class page is shown, and whether the chat lies over the picture of a phone on its side. */

export class Views {
  constructor(root) {
    this.parts = new Map([...root.querySelectorAll("[data-view]")].map((part) => [part.dataset.view, part]));
    foldChat(root);
  }

  show(name) {
    this.parts.forEach((part, key) => {
      part.hidden = key !== name;
    });
    document.body.classList.toggle("room", name === "room");
    document.body.classList.toggle("room-on", name === "room");
    return this.parts.get(name);
  }
}

function foldChat(root) {
  const chat = root.querySelector("[data-chat]");
  const handle = root.querySelector("[data-screen] [data-fold]");
  for (const button of root.querySelectorAll("[data-fold]")) {
    button.addEventListener("click", () => {
      const away = chat.toggleAttribute("data-away");
      handle.setAttribute("aria-expanded", String(!away));
    });
  }
}
