/**
 * The instructor's camera, microphone and screen as one picture and one sound that never stop: another camera, a pause or a
 * phone call changes what is to be seen, not that something is.
 */

import { Backoff } from "../lib/backoff.js";
import { Emitter } from "../lib/emitter.js";
import { Compositor } from "./compositor.js";
import { DeviceFault, open, pictureWish, soundWish } from "./devices.js";

const PAUSED = { title: "Back in a moment", line: "Catch your breath and drink something." };
const LOST = { title: "Back in a moment", line: "The camera is away. It comes back by itself." };
const SCREEN = { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 30 } };
// A camera blinks when it starts; a call lasts.
const BLINK_MS = 2000;

/** @typedef {"video" | "audio"} Kind */
/** @type {Kind[]} */
const KINDS = ["video", "audio"];

/**
 * Events: "audio" (there is another track to send; the picture's never changes), "lost" (a device is away, and why as far as
 * we know), "found" (it is back), "change" (pause, mute, sharing or the camera).
 * @extends {Emitter<{ audio: undefined, lost: { kind: Kind, fault: string }, found: { kind: Kind }, change: undefined }>}
 */
export class Capture extends Emitter {
  /** @type {Partial<Record<Kind, MediaStreamTrack>>} */
  tracks = {};
  /** @type {MediaStreamTrack | null} */
  screen = null;
  /** @type {Set<Kind>} */
  lost = new Set();
  muted = false;
  paused = false;

  /** @param {import("./camera-choices.js").Choices} choices */
  constructor(choices) {
    super();
    this.choices = choices;
    this.compositor = new Compositor();
    document.addEventListener("visibilitychange", () => this.#look());
  }

  /** What leaves this device: always the same track. */
  get video() {
    return this.compositor.track;
  }

  get audio() {
    return this.tracks.audio;
  }

  get sharing() {
    return Boolean(this.screen);
  }

  /** Whether the preview may be mirrored: a shared screen may not. */
  get selfie() {
    return !this.screen && !this.paused && this.tracks.video?.getSettings().facingMode !== "environment";
  }

  /** The camera's picture is higher than wide: the phone should be turned. */
  get upright() {
    const { width, height } = this.compositor.size;
    return !this.screen && !this.compositor.words && height > width;
  }

  /** Whether both devices are open, or lost and being recovered. */
  get open() {
    return KINDS.every((kind) => this.tracks[kind]?.readyState === "live" || this.lost.has(kind));
  }

  /** Opens both devices by the choices, and closes the ones from before. Throws DeviceFault. */
  async start() {
    this.stop();
    const found = await open({ video: pictureWish(this.choices), audio: soundWish(this.choices) });
    await this.#takeAll(found);
  }

  /**
   * Another one of the same kind, by the choices. Phones hold one camera at a time: the old goes first.
   * @param {Kind} kind
   */
  async reopen(kind) {
    this.tracks[kind]?.stop();
    const wish = kind === "video" ? pictureWish(this.choices) : soundWish(this.choices);
    await this.#takeAll(await open({ [kind]: wish }));
  }

  /**
   * Chooses front or back, on a device that knows them, or the next in the list; reopen("video") then takes it.
   * @param {import("./devices.js").Device[]} cameras
   */
  nextCamera(cameras) {
    const { facingMode, deviceId } = this.tracks.video?.getSettings() ?? {};
    const known = cameras.findIndex(({ id }) => id === (deviceId ?? this.choices.cameraId));
    const next = cameras[(known + 1) % cameras.length]?.id ?? "";
    const facing = facingMode === "environment" ? "user" : "environment";
    Object.assign(this.choices, facingMode ? { facing, cameraId: "" } : { cameraId: next });
  }

  /** Shares a screen. Throws what getDisplayMedia throws, also when the person cancels. */
  async share() {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false });
    const [screen] = stream.getVideoTracks();
    screen.addEventListener("ended", () => screen === this.screen && this.unshare());
    this.screen = screen;
    await this.compositor.show(screen);
    this.tell("change");
  }

  async unshare() {
    this.screen?.stop();
    this.screen = null;
    if (this.tracks.video) {
      await this.compositor.show(this.tracks.video);
    }
    this.tell("change");
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.#sound();
  }

  /**
   * Neither picture nor sound of the room: a slate.
   * @param {boolean} paused
   */
  pause(paused) {
    this.paused = paused;
    this.#slate();
    this.#sound();
  }

  stop() {
    for (const track of [...Object.values(this.tracks), this.screen]) {
      track?.stop();
    }
    this.tracks = {};
    this.screen = null;
    this.lost.clear();
  }

  /** @param {Partial<Record<Kind, MediaStreamTrack>>} found */
  async #takeAll(found) {
    await Promise.all(
      KINDS.map((kind) => {
        const track = found[kind];
        return track && this.#take(kind, track);
      }),
    );
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack} track
   */
  async #take(kind, track) {
    this.tracks[kind] = track;
    track.addEventListener("ended", () => track === this.tracks[kind] && this.recover(kind));
    track.addEventListener("mute", () => setTimeout(() => this.#look(), BLINK_MS));
    if (this.lost.delete(kind)) {
      this.tell("found", { kind });
    }
    if (kind === "audio") {
      this.#sound();
      this.tell("audio");
    } else if (!this.screen) {
      await this.compositor.show(track);
      this.#slate();
    }
    this.tell("change");
  }

  /** Recovers devices that a call or another app took, or that were unplugged. A hidden page gets none, so it waits. */
  #look() {
    if (document.visibilityState !== "visible") {
      return;
    }
    for (const kind of KINDS) {
      const track = this.tracks[kind];
      if (track && (track.readyState === "ended" || track.muted)) {
        this.recover(kind);
      }
    }
  }

  /**
   * Goes on trying until the device is there again.
   * @param {Kind} kind
   */
  recover(kind) {
    if (this.lost.has(kind)) {
      return;
    }
    this.lost.add(kind);
    this.#slate();
    this.tell("lost", { kind, fault: "" });
    this.#getBack(kind, new Backoff({ first: 500, most: 5000 }));
  }

  /**
   * @param {Kind} kind
   * @param {Backoff} backoff
   */
  async #getBack(kind, backoff) {
    if (!this.lost.has(kind)) {
      return;
    }
    try {
      await this.reopen(kind);
    } catch (error) {
      if (this.lost.has(kind)) {
        this.tell("lost", { kind, fault: error instanceof DeviceFault ? error.kind : "" });
        setTimeout(() => this.#getBack(kind, backoff), backoff.next());
      }
    }
  }

  #slate() {
    const away = this.lost.has("video") && !this.screen;
    this.compositor.slate(this.paused ? PAUSED : away ? LOST : null);
    this.tell("change");
  }

  #sound() {
    if (this.audio) {
      this.audio.enabled = !this.muted && !this.paused;
    }
    this.tell("change");
  }
}
