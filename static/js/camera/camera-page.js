/** Going live from a browser: help when something is in the way, checks before the class, the console during it. */

import { apiError } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { around, find, maybe, wordsOf } from "../lib/dom.js";
import { Signalling } from "../webrtc/signalling.js";
import { load, offAir, wasOnAir } from "./camera-choices.js";
import { CameraRoom } from "./camera-room.js";
import { Views } from "./camera-views.js";
import { Capture } from "./capture.js";
import { Console } from "./console.js";
import { DeviceFault, mustBePossible, permission } from "./devices.js";
import { Preflight } from "./preflight.js";
import { Publisher } from "./publisher.js";
import { StreamApi } from "./stream-api.js";

/** @typedef {import("./camera-choices.js").OnAir} OnAir */

class CameraPage {
  /** What the button of a section of help tries again. */
  goal = () => this.#checks();
  /** @type {{ line: Signalling, publisher: Publisher, console: Console } | null} what stands on the signalling line */
  sending = null;

  /**
   * @param {HTMLElement} root
   * @param {Views} views
   */
  constructor(root, views) {
    this.root = root;
    this.data = root.dataset;
    this.views = views;
    this.api = new StreamApi(this.data);
    this.backoff = new Backoff({ first: 1000, most: 15000 });
    this.capture = new Capture(load());
    this.room = new CameraRoom(this.api);
    this.room.on("stream", (stream) => this.#stream(stream));
    this.preflight = new Preflight(views.part("preflight"), this.capture, this.data.upload ?? "");
    this.preflight.on("live", () => this.#live(null));
    this.preflight.on("fault", (error) => this.#fault(error));
    this.room.connect();
  }

  async begin() {
    const before = wasOnAir(this.data.streamId);
    if (before) {
      await this.#live(before);
    } else if ((await permission(() => this.#permitted())) === "granted") {
      await this.#checks();
    }
  }

  /** Opens the devices where needed, and shows the checks. */
  async #checks() {
    this.goal = () => this.#checks();
    if (await this.#devices()) {
      this.views.show("preflight");
      this.preflight.begin();
    }
  }

  /**
   * On air, also straight after a reload.
   * @param {OnAir | null} before what the reload interrupted
   */
  async #live(before) {
    this.goal = () => this.#live(before);
    const sending = (await this.#devices()) && (await this.#line());
    if (!sending) {
      return;
    }
    this.preflight.end();
    this.views.show("console");
    sending.console.begin(before);
  }

  async #devices() {
    if (this.capture.open) {
      return true;
    }
    try {
      await this.capture.start();
      return true;
    } catch (error) {
      this.#fault(error);
      return false;
    }
  }

  /** The signalling line, and what stands on it; made once. */
  async #line() {
    if (this.sending) {
      return this.sending;
    }
    const renew = async () => (await this.api.token("publisher")).webrtc_url;
    let address;
    try {
      address = await renew();
    } catch (error) {
      const { message, passing } = apiError(error);
      this.views.show("refused", message);
      if (passing) {
        setTimeout(() => this.views.now === "refused" && this.goal(), this.backoff.next());
      }
      return null;
    }
    const line = new Signalling({ address, renew });
    const publisher = new Publisher(line);
    publisher.on("state", (state) => this.#sent(state));
    const console = new Console(this.views.part("console"), {
      capture: this.capture,
      publisher,
      room: this.room,
      data: this.data,
      act: (name) => this.api.act(name),
      checks: () => this.#back(),
    });
    this.sending = { line, publisher, console };
    line.connect();
    return this.sending;
  }

  #back() {
    this.sending?.publisher.stop();
    this.sending?.console.end();
    this.#checks();
  }

  /** @param {Room.Stream} stream */
  #stream(stream) {
    const ours = this.sending !== null; // what was sent from here takes a moment to be gone
    find(this.root, "[data-elsewhere]").hidden = !stream.picture || ours;
    if (stream.state === "ended") {
      this.#leave();
      this.views.show("over");
    }
  }

  /** @param {import("./publisher.js").Sending} sending */
  #sent({ state, code, words }) {
    if (state !== "refused" && state !== "replaced") {
      return;
    }
    this.sending?.console.end();
    if (this.room.stream?.state === "ended") {
      return; // said already
    }
    this.goal = () => this.#live(null);
    if (code === "webrtc:in-use" || state === "replaced") {
      this.views.show(code === "webrtc:in-use" ? "in-use" : "replaced");
    } else {
      this.views.show("refused", words);
    }
  }

  /** Turns everything off, the camera's light included. */
  #leave() {
    this.preflight.end();
    this.sending?.publisher.stop();
    this.sending?.console.end();
    this.sending?.line.close();
    this.capture.stop();
    offAir();
  }

  /** @param {unknown} error */
  #fault(error) {
    if (!(error instanceof DeviceFault)) {
      throw error;
    }
    this.preflight.end();
    this.views.show(error.kind);
  }

  /**
   * The button of a section of help.
   * @param {string} name
   */
  async again(name) {
    if (this.sending?.line.ended) {
      location.reload();
    } else if (name === "welcome") {
      await this.#checks();
    } else {
      await (name === "in-use" ? this.#takeOver() : this.goal());
    }
  }

  async #takeOver() {
    try {
      await this.api.takeOver();
    } catch (error) {
      this.views.fault(wordsOf(error));
      return;
    }
    await this.goal();
  }

  /** Permission was given in the browser's own bar: go on without a press here. */
  #permitted() {
    if (this.views.now === "denied") {
      this.goal();
    }
  }
}

/**
 * Null where there is nothing to begin: the class is over, or this browser cannot.
 * @param {HTMLElement} root
 */
function open(root) {
  const views = new Views(root);
  if (root.dataset.state === "ended") {
    views.show("over");
    return null;
  }
  try {
    mustBePossible();
  } catch (error) {
    if (!(error instanceof DeviceFault)) {
      throw error;
    }
    views.show(error.kind);
    return null;
  }
  return new CameraPage(root, views);
}

const root = maybe(document, "[data-camera]");
if (root) {
  const page = open(root);
  root.addEventListener("click", (event) => {
    const button = around(event, "[data-begin], [data-retry]");
    if (button?.dataset.retry === "insecure") {
      location.protocol = "https:";
    } else if (button) {
      page?.again(button.dataset.retry ?? "welcome");
    }
  });
  page?.begin();
}
