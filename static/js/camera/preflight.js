/** Before the class: the instructor's own picture and level, the choice of devices, and what we think of them. */

import { save } from "./camera-choices.js";
import * as checks from "./checks.js";
import { list } from "./devices.js";
import { find, icon, make, say } from "../lib/dom.js";
import { Emitter } from "../lib/emitter.js";
import { LevelMeter } from "./level-meter.js";
import { Light } from "./light.js";
import { sendableCodecs } from "../webrtc/sdp-edits.js";
import { measureUpload } from "./upload-test.js";

const LOOK_EVERY = 500;
const REMEMBERED = 6000; // a breath between two sentences is no silence
/** @type {Record<string, string>} */
const SIGNS = { ok: "check", warn: "warning", bad: "warning" };

/**
 * Events: "live" (she wants to go), "fault" (detail: what was thrown when a device was opened).
 * @extends {Emitter<{ live: undefined, fault: unknown }>}
 */
export class Preflight extends Emitter {
  running = false;
  /** @type {{ at: number, peak: number }[]} what was heard in the last seconds */
  peaks = [];
  heardSince = 0;
  /** @type {{ at: number, count: number, fps: number | null } | null} the last count of frames */
  frames = null;
  /** @type {import("./upload-test.js").Upload | null} */
  upload = null;
  /** Number of the newest upload test; the result of an older one is ignored. */
  measuring = 0;
  /** @type {import("./devices.js").Device[]} */
  cameras = [];

  /**
   * @param {HTMLElement} part
   * @param {import("./capture.js").Capture} capture
   * @param {string} uploadAddress
   */
  constructor(part, capture, uploadAddress) {
    super();
    this.part = part;
    this.capture = capture;
    this.choices = capture.choices;
    this.uploadAddress = uploadAddress;
    this.video = find(part, "[data-preview]", HTMLVideoElement);
    this.form = find(part, "[data-choices]");
    this.meter = new LevelMeter((heard) => this.#hear(heard));
    this.light = new Light(capture.compositor.video);
    this.go = find(part, "[data-go-live]", HTMLButtonElement);
    capture.on("audio", () => this.running && this.#listen());
    this.form.addEventListener("change", ({ target }) => this.#chosen(target));
    find(part, "[data-flip]").addEventListener("click", () => this.#flip());
    find(part, "[data-check-again]").addEventListener("click", () => this.#again());
    this.go.addEventListener("click", () => this.tell("live"));
    part.addEventListener("pointerdown", () => this.meter.wake());
    part.addEventListener("keydown", () => this.meter.wake());
    navigator.mediaDevices.addEventListener("devicechange", () => this.running && this.#list());
  }

  /** Begins the checks; devices must be open. */
  begin() {
    this.running = true;
    this.#preview();
    this.#listen();
    this.#list();
    this.#measure();
    this.frames = null;
    this.timer = setInterval(() => this.#look(), LOOK_EVERY);
  }

  end() {
    this.running = false;
    clearInterval(this.timer);
    this.meter.stop();
    this.video.srcObject = null;
  }

  #preview() {
    this.video.srcObject = new MediaStream([this.capture.video]);
    this.video.play().catch(() => {});
    find(this.part, ".camera-picture").classList.toggle("mirrored", this.choices.mirror && this.capture.selfie);
  }

  #listen() {
    this.peaks = [];
    this.heardSince = Date.now();
    if (this.capture.audio) {
      this.meter.listen(this.capture.audio);
    }
  }

  /** @param {{ level: number, peak: number }} heard */
  #hear({ level, peak }) {
    const now = Date.now();
    this.peaks = [...this.peaks.filter(({ at }) => now - at < REMEMBERED), { at: now, peak }];
    find(this.part, "[data-meter]", HTMLMeterElement).value = level;
    say(
      find(this.part, "[data-meter-words]"),
      peak < -60 ? "silence" : `${Math.round(peak)} dB`.replace("-", "\u2212"),
    );
  }

  async #list() {
    const { cameras, microphones } = await list();
    const { video, audio } = this.capture.tracks;
    this.#options("cameraId", cameras, video, "Camera");
    this.#options("microphoneId", microphones, audio, "Microphone");
    find(this.part, "[data-flip]").hidden = cameras.length < 2;
    this.cameras = cameras;
    const music = this.choices.music ? "music" : "";
    find(this.form, `[name=music][value="${music}"]`, HTMLInputElement).checked = true;
    find(this.form, "[name=mirror]", HTMLInputElement).checked = this.choices.mirror;
  }

  /**
   * @param {"cameraId" | "microphoneId"} name
   * @param {import("./devices.js").Device[]} devices
   * @param {MediaStreamTrack | undefined} track
   * @param {string} word for a device without a label
   */
  #options(name, devices, track, word) {
    const select = find(this.form, `[data-choose=${name}]`, HTMLSelectElement);
    const options = devices.map(({ id, label }, at) => make("option", { value: id }, label || `${word} ${at + 1}`));
    select.replaceChildren(...options);
    select.value = track?.getSettings().deviceId ?? "";
  }

  /** @param {EventTarget | null} field */
  async #chosen(field) {
    if (field instanceof HTMLInputElement && field.name === "mirror") {
      this.choices.mirror = field.checked;
      save(this.choices);
      this.#preview();
    } else if (field instanceof HTMLInputElement) {
      this.choices.music = field.value === "music";
      save(this.choices);
      await this.#reopen("audio");
    } else if (field instanceof HTMLSelectElement) {
      const name = field.dataset.choose === "cameraId" ? "cameraId" : "microphoneId";
      this.choices[name] = field.value;
      save(this.choices);
      await this.#reopen(name === "cameraId" ? "video" : "audio");
    }
  }

  async #flip() {
    this.capture.nextCamera(this.cameras);
    save(this.choices);
    await this.#reopen("video");
  }

  /** @param {import("./capture.js").Kind} kind */
  async #reopen(kind) {
    try {
      await this.capture.reopen(kind);
      this.frames = null;
      await this.#list();
      this.#preview();
    } catch (error) {
      this.tell("fault", error);
    }
  }

  async #again() {
    this.#measure();
    await this.#reopen("video");
    await this.#reopen("audio");
  }

  async #measure() {
    this.upload = null;
    this.measuring += 1;
    const mine = this.measuring;
    const found = await measureUpload(this.uploadAddress);
    if (mine === this.measuring) {
      this.upload = found;
    }
  }

  #look() {
    const size = this.capture.compositor.size;
    const results = {
      picture: checks.picture({ ...size, fps: this.#framesASecond() }),
      light: checks.light(this.light.measure()),
      sound: checks.sound({
        awake: this.meter.awake,
        loudest: Math.max(-100, ...this.peaks.map(({ peak }) => peak)),
        seconds: (Date.now() - this.heardSince) / 1000,
        music: this.choices.music,
      }),
      upload: checks.upload(this.upload),
      codec: checks.codec(sendableCodecs()),
    };
    for (const [name, result] of Object.entries(results)) {
      this.#show(name, result);
    }
    find(this.part, "[data-turn]").hidden = !this.capture.upright;
    say(find(this.part, "[data-summary]"), checks.summary(results));
    this.go.disabled = results.codec.look === "bad";
  }

  /** Over the last two seconds; null before they have passed, or where the browser does not count. */
  #framesASecond() {
    const count = this.capture.compositor.video.getVideoPlaybackQuality?.().totalVideoFrames;
    const now = performance.now();
    if (count === undefined) {
      return null;
    }
    this.frames ??= { at: now, count, fps: null };
    const seconds = (now - this.frames.at) / 1000;
    if (seconds >= 2) {
      this.frames = { at: now, count, fps: Math.max(0, count - this.frames.count) / seconds };
    }
    return this.frames.fps;
  }

  /**
   * @param {string} name
   * @param {checks.Result} result
   */
  #show(name, { look, words }) {
    const row = find(this.part, `[data-check=${name}]`);
    if (row.dataset.look !== look) {
      row.dataset.look = look;
      row.dataset.sign ??= find(row, "use", SVGElement).getAttribute("href")?.split("#")[1];
      find(row, ".icon", SVGElement).replaceWith(icon(SIGNS[look] ?? row.dataset.sign ?? ""));
    }
    say(find(row, "[data-check-words]"), words);
  }
}
