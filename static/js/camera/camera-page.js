/** Going live from a browser: help when something is in the way, checks before the class, the console during it. */

import { Backoff } from "../lib/backoff.js";
import { load, offAir, wasOnAir } from "./camera-choices.js";
import { CameraRoom } from "./camera-room.js";
import { Views } from "./camera-views.js";
import { Capture } from "./capture.js";
import { Console } from "./console.js";
import { StreamApi } from "./stream-api.js";
import { DeviceFault, mustBePossible, permission } from "./devices.js";
import { Preflight } from "./preflight.js";
import { Publisher } from "./publisher.js";
import { Signalling } from "../webrtc/signalling.js";

class CameraPage {
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.api = new StreamApi(this.data);
    this.views = new Views(root);
    this.backoff = new Backoff({ first: 1000, most: 15000 });
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-begin], [data-retry]");
      if (button) {
        this.#again(button.dataset.retry ?? "welcome");
      }
    });
  }

  async begin() {
    if (this.data.state === "ended") {
      this.views.show("over");
      return;
    }
    try {
      mustBePossible();
    } catch (error) {
      this.#fault(error);
      return;
    }
    this.#assemble();
    const before = wasOnAir(this.data.streamId);
    if (before) {
      await this.#live(before);
    } else if ((await permission(() => this.#permitted())) === "granted") {
      await this.#checks();
    }
  }

  #assemble() {
    this.capture = new Capture(load());
    this.room = new CameraRoom(this.api);
    this.room.addEventListener("stream", ({ detail }) => this.#stream(detail));
    this.preflight = new Preflight(this.views.part("preflight"), this.capture, this.data.upload);
    this.preflight.addEventListener("live", () => this.#live(null));
    this.preflight.addEventListener("fault", ({ detail }) => this.#fault(detail));
    this.room.connect();
  }

  /** The checks, with devices that are open or opened now. */
  async #checks() {
    this.goal = () => this.#checks();
    if (await this.#devices()) {
      this.views.show("preflight");
      this.preflight.begin();
    }
  }

  /** On air, also straight after a reload: `before` is what it interrupted. */
  async #live(before) {
    this.goal = () => this.#live(before);
    if (!(await this.#devices()) || !(await this.#line())) {
      return;
    }
    this.preflight.end();
    this.views.show("console");
    this.console.begin(before);
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
    if (this.console) {
      return true;
    }
    try {
      const renew = async () => (await this.api.token("publisher")).webrtc_url;
      this.line = new Signalling({ address: await renew(), renew });
    } catch (error) {
      this.views.show("refused", error.message);
      if (error.passing) {
        setTimeout(() => this.views.now === "refused" && this.goal(), this.backoff.next());
      }
      return false;
    }
    this.publisher = new Publisher(this.line);
    this.publisher.addEventListener("state", ({ detail }) => this.#sending(detail));
    this.console = new Console(this.views.part("console"), {
      capture: this.capture,
      publisher: this.publisher,
      room: this.room,
      data: this.data,
      act: (name) => this.api.act(name),
      checks: () => this.#back(),
    });
    this.line.connect();
    return true;
  }

  #back() {
    this.publisher.stop();
    this.console.end();
    this.#checks();
  }

  #stream(stream) {
    const ours = Boolean(this.console); // what was sent from here takes a moment to be gone
    this.root.querySelector("[data-elsewhere]").hidden = !stream.picture || ours;
    if (stream.state === "ended") {
      this.#leave();
      this.views.show("over");
    }
  }

  #sending({ state, code, words }) {
    if (state !== "refused" && state !== "replaced") {
      return;
    }
    this.console.end();
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

  /** Everything off: the light of the camera too. */
  #leave() {
    this.preflight.end();
    this.publisher?.stop();
    this.console?.end();
    this.line?.close();
    this.capture.stop();
    offAir();
  }

  #fault(error) {
    if (!(error instanceof DeviceFault)) {
      throw error;
    }
    this.preflight?.end();
    this.views.show(error.kind);
  }

  /** The button of a section of help. */
  async #again(name) {
    if (name === "insecure") {
      location.protocol = "https:";
    } else if (this.line?.ended) {
      location.reload();
    } else if (name === "welcome") {
      await this.#checks();
    } else {
      await (name === "in-use" ? this.#takeOver() : this.goal());
    }
  }

  #takeOver() {
    return this.api.takeOver().then(this.goal, ({ message }) => this.views.fault(message));
  }

  /** Allowed in the browser's own bar: no need to press anything here. */
  #permitted() {
    if (this.views.now === "denied") {
      this.goal();
    }
  }
}

const root = document.querySelector("[data-camera]");
if (root) {
  new CameraPage(root).begin();
}
