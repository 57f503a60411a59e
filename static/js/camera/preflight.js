/**
 * Before the class: the instructor's own picture and level, the choice of devices, and what we think of them.
 *
 * Events: "live" (she wants to go), "fault" (detail: a DeviceFault).
 */

import { save } from "./camera-choices.js";
import * as checks from "./checks.js";
import { list } from "./devices.js";
import { icon, make, say } from "../lib/dom.js";
import { LevelMeter } from "./level-meter.js";
import { Light } from "./light.js";
import { sendableCodecs } from "../webrtc/sdp-edits.js";
import { measureUpload } from "./upload-test.js";

const LOOK_EVERY = 500;
const REMEMBERED = 6000; // a breath between two sentences is no silence
const SIGNS = { ok: "check", warn: "warning", bad: "warning" };

export class Preflight extends EventTarget {
  constructor(part, capture, uploadAddress) {
    super();
    this.part = part;
    this.capture = capture;
    this.choices = capture.choices;
    this.uploadAddress = uploadAddress;
    this.video = part.querySelector("[data-preview]");
    this.form = part.querySelector("[data-choices]");
    this.meter = new LevelMeter((heard) => this.#hear(heard));
    this.light = new Light(capture.compositor.video);
    this.peaks = [];
    capture.addEventListener("audio", () => this.running && this.#listen());
    this.form.addEventListener("change", ({ target }) => this.#chosen(target));
    part.querySelector("[data-flip]").addEventListener("click", () => this.#flip());
    part.querySelector("[data-check-again]").addEventListener("click", () => this.#again());
    part.querySelector("[data-go-live]").addEventListener("click", () => this.dispatchEvent(new Event("live")));
    part.addEventListener("pointerdown", () => this.meter.wake());
    part.addEventListener("keydown", () => this.meter.wake());
    navigator.mediaDevices.addEventListener("devicechange", () => this.running && this.#list());
  }

  /** With devices open. */
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
    this.part.querySelector(".camera-picture").classList.toggle("mirrored", this.choices.mirror && this.capture.selfie);
  }

  #listen() {
    this.peaks = [];
    this.heardSince = Date.now();
    this.meter.listen(this.capture.audio);
  }

  #hear({ level, peak }) {
    const now = Date.now();
    this.peaks = [...this.peaks.filter(({ at }) => now - at < REMEMBERED), { at: now, peak }];
    this.part.querySelector("[data-meter]").value = level;
    say(this.part.querySelector("[data-meter-words]"), peak < -60 ? "silence" : `${Math.round(peak)} dB`.replace("-", "\u2212"));
  }

  async #list() {
    const { cameras, microphones } = await list();
    const { video, audio } = this.capture.tracks;
    this.#options("cameraId", cameras, video, "Camera");
    this.#options("microphoneId", microphones, audio, "Microphone");
    this.part.querySelector("[data-flip]").hidden = cameras.length < 2;
    this.cameras = cameras;
    this.form.elements.music.value = this.choices.music ? "music" : "";
    this.form.elements.mirror.checked = this.choices.mirror;
  }

  #options(name, devices, track, word) {
    const select = this.form.querySelector(`[data-choose=${name}]`);
    const options = devices.map(({ id, label }, at) => make("option", { value: id }, label || `${word} ${at + 1}`));
    select.replaceChildren(...options);
    select.value = track?.getSettings().deviceId ?? "";
  }

  async #chosen(field) {
    const kind = field.dataset.choose === "cameraId" ? "video" : "audio";
    if (field.name === "mirror") {
      this.choices.mirror = field.checked;
    } else if (field.name === "music") {
      this.choices.music = field.value === "music";
    } else {
      this.choices[field.dataset.choose] = field.value;
    }
    save(this.choices);
    if (field.name === "mirror") {
      this.#preview();
    } else {
      await this.#reopen(kind);
    }
  }

  async #flip() {
    this.capture.nextCamera(this.cameras);
    save(this.choices);
    await this.#reopen("video");
  }

  async #reopen(kind) {
    try {
      await this.capture.reopen(kind);
      this.frames = null;
      await this.#list();
      this.#preview();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("fault", { detail: error }));
    }
  }

  async #again() {
    this.#measure();
    await this.#reopen("video");
    await this.#reopen("audio");
  }

  async #measure() {
    this.upload = null;
    const mine = (this.measuring = {});
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
    Object.entries(results).forEach(([name, result]) => this.#show(name, result));
    this.part.querySelector("[data-turn]").hidden = !this.capture.upright;
    say(this.part.querySelector("[data-summary]"), checks.summary(results));
    this.part.querySelector("[data-go-live]").disabled = results.codec.look === "bad";
  }

  /** Of the last two seconds; null before they have passed, or where the browser does not count. */
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

  #show(name, { look, words }) {
    const row = this.part.querySelector(`[data-check=${name}]`);
    if (row.dataset.look !== look) {
      row.dataset.look = look;
      row.dataset.sign ??= row.querySelector("use").getAttribute("href").split("#")[1];
      row.querySelector(".icon").replaceWith(icon(SIGNS[look] ?? row.dataset.sign));
    }
    say(row.querySelector("[data-check-words]"), words);
  }
}
