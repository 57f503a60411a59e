/** The buttons of the console: which are there, what they say, and what they do. */

import { save } from "./camera-choices.js";
import { list } from "./devices.js";
import { around, find, say, wordsOf } from "../lib/dom.js";

const BEFORE = ["scheduled", "preview"];
const CAN_SHARE = Boolean(navigator.mediaDevices?.getDisplayMedia);

/**
 * @typedef {object} Context
 * @property {import("./capture.js").Capture} capture
 * @property {(name: "start" | "end") => Promise<unknown>} act calls the API
 * @property {(words: string) => void} note
 * @property {() => void} checks goes back to the checks before the class
 */

export class ConsoleActs {
  /** @type {{ state: Room.StreamState } | undefined} */
  stream;
  /** @type {import("./devices.js").Device[]} */
  cameras = [];

  /**
   * @param {HTMLElement} part
   * @param {Context} context
   */
  constructor(part, context) {
    this.part = part;
    this.context = context;
    this.capture = context.capture;
    this.dialog = find(part, "[data-end-dialog]", HTMLDialogElement);
    this.dialog.addEventListener("close", () => this.dialog.returnValue === "yes" && this.#api("end"));
    part.addEventListener("click", (event) => {
      const button = around(event, "[data-act]");
      if (button) {
        this.#press(button.dataset.act);
      }
    });
    this.capture.on("change", () => this.show());
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#count());
    this.#count();
  }

  show(stream = this.stream) {
    this.stream = stream;
    const before = stream !== undefined && BEFORE.includes(stream.state);
    const { capture } = this;
    this.#button("start").hidden = !before;
    this.#button("checks").hidden = !before;
    this.#button("end").hidden = !stream || before || stream.state === "ended";
    this.#button("flip").hidden = this.cameras.length < 2 || capture.sharing;
    this.#button("share").hidden = !CAN_SHARE;
    this.#label("pause", capture.paused ? "Go on" : "Pause", capture.paused);
    this.#label("mute", capture.muted ? "Unmute" : "Mute", capture.muted);
    this.#label("share", capture.sharing ? "Stop sharing" : "Share screen", capture.sharing);
    const mirror = this.#button("mirror");
    mirror.setAttribute("aria-pressed", String(capture.choices.mirror));
    mirror.hidden = !capture.selfie;
  }

  /** @param {string} name */
  #button(name) {
    return find(this.part, `[data-act=${name}]`, HTMLButtonElement);
  }

  /**
   * @param {string} name
   * @param {string} words
   * @param {boolean} on
   */
  #label(name, words, on) {
    const button = this.#button(name);
    button.classList.toggle("on", on);
    say(find(button, "[data-label]"), words);
  }

  async #count() {
    this.cameras = await list().then(
      ({ cameras }) => cameras,
      () => [],
    );
    this.show();
  }

  /** @param {string | undefined} name */
  async #press(name) {
    this.context.note("");
    const { capture } = this;
    switch (name) {
      case "start":
        return this.#api("start");
      case "end":
        this.dialog.returnValue = "";
        return this.dialog.showModal();
      case "pause":
        return capture.pause(!capture.paused);
      case "mute":
        return capture.mute(!capture.muted);
      case "share":
        return this.#share();
      case "flip":
        return this.#flip();
      case "mirror":
        capture.choices.mirror = !capture.choices.mirror;
        save(capture.choices);
        return this.show();
      default:
        return this.context.checks();
    }
  }

  /** @param {"start" | "end"} name */
  async #api(name) {
    const button = this.#button(name);
    button.disabled = true;
    try {
      await this.context.act(name);
    } catch (error) {
      this.context.note(wordsOf(error));
    } finally {
      button.disabled = false;
    }
  }

  async #share() {
    try {
      await (this.capture.sharing ? this.capture.unshare() : this.capture.share());
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") {
        this.context.note("Your screen could not be shared. Your camera is still on.");
      }
    }
  }

  async #flip() {
    const { capture } = this;
    const before = { ...capture.choices };
    const button = this.#button("flip");
    button.disabled = true;
    capture.nextCamera(this.cameras);
    try {
      await capture.reopen("video");
      save(capture.choices);
    } catch {
      this.context.note("The other camera did not start. We go on with this one.");
      Object.assign(capture.choices, before);
      await capture.recover("video");
    } finally {
      button.disabled = false;
    }
  }
}
