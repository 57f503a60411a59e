/** Cameras and microphones: opening them, listing them, and what is wrong when it does not work. */

import { CAPTURE_FORMAT } from "./capture-format.js";

/** @typedef {"denied" | "no-camera" | "no-microphone" | "taken" | "insecure" | "unsupported"} Fault each has its help in the page */
/** @typedef {{ id: string, label: string }} Device */

export class DeviceFault extends Error {
  /** @param {Fault} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Throws a DeviceFault where asking for permission could not help. */
export function mustBePossible() {
  if (!globalThis.isSecureContext) {
    throw new DeviceFault("insecure");
  }
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.RTCPeerConnection) {
    throw new DeviceFault("unsupported");
  }
}

/**
 * Music leaves as it is; speech without echo, noise and jumps in loudness.
 * @param {{ music: boolean, microphoneId: string }} choices
 * @returns {MediaTrackConstraints}
 */
export function soundWish({ music, microphoneId }) {
  const cleaned = !music;
  return {
    echoCancellation: cleaned,
    noiseSuppression: cleaned,
    autoGainControl: cleaned,
    ...(music ? { channelCount: { ideal: 2 } } : {}),
    ...(microphoneId ? { deviceId: { exact: microphoneId } } : {}),
  };
}

/**
 * A chosen camera wins over a chosen side.
 * @param {{ cameraId: string, facing: string }} choices
 * @returns {MediaTrackConstraints}
 */
export function pictureWish({ cameraId, facing }) {
  const side = facing ? { facingMode: { ideal: facing } } : {};
  return {
    width: { ideal: CAPTURE_FORMAT.width },
    height: { ideal: CAPTURE_FORMAT.height },
    frameRate: { ideal: CAPTURE_FORMAT.fps, max: CAPTURE_FORMAT.fps },
    ...(cameraId ? { deviceId: { exact: cameraId } } : side),
  };
}

/**
 * Tracks for what is wished. A device that went away is replaced by another. Throws DeviceFault.
 * @param {{ video?: MediaTrackConstraints, audio?: MediaTrackConstraints }} wish
 */
export async function open(wish) {
  mustBePossible();
  try {
    return tracks(await navigator.mediaDevices.getUserMedia(wish));
  } catch (error) {
    if (nameOf(error) !== "OverconstrainedError") {
      throw await faultOf(error, wish);
    }
  }
  try {
    const free = Object.entries(wish).map(([kind, asked]) => [kind, { ...asked, deviceId: undefined }]);
    return tracks(await navigator.mediaDevices.getUserMedia(Object.fromEntries(free)));
  } catch (error) {
    throw await faultOf(error, wish);
  }
}

/**
 * @param {MediaStream} stream
 * @returns {{ video?: MediaStreamTrack, audio?: MediaStreamTrack }}
 */
function tracks(stream) {
  return { video: stream.getVideoTracks()[0], audio: stream.getAudioTracks()[0] };
}

/**
 * Browsers tell what went wrong by a name; an OverconstrainedError is no Error everywhere.
 * @param {unknown} error
 */
const nameOf = (error) => /** @type {{ name?: string }} */ (error).name;

/**
 * @param {unknown} error
 * @param {{ video?: MediaTrackConstraints }} wish
 */
async function faultOf(error, wish) {
  const name = nameOf(error);
  if (name === "NotAllowedError" || name === "SecurityError") {
    return new DeviceFault("denied");
  }
  if (name === "NotReadableError" || name === "AbortError") {
    return new DeviceFault("taken");
  }
  const cameras = await list().then(
    (found) => found.cameras,
    () => [],
  );
  return new DeviceFault(wish.video && cameras.length === 0 ? "no-camera" : "no-microphone");
}

/**
 * Without permission the labels are empty and the ids may be.
 * @returns {Promise<{ cameras: Device[], microphones: Device[] }>}
 */
export async function list() {
  const every = await navigator.mediaDevices.enumerateDevices();
  /** @param {MediaDeviceKind} kind */
  const of = (kind) => every.filter((one) => one.kind === kind).map(({ deviceId: id, label }) => ({ id, label }));
  return { cameras: of("videoinput"), microphones: of("audioinput") };
}

/**
 * Of both devices together, "prompt" where the browser does not say.
 * @param {() => void} [changed]
 * @returns {Promise<string>} granted, prompt or denied
 */
export async function permission(changed) {
  const found = await Promise.all(["camera", "microphone"].map((name) => ask(name, changed)));
  return ["denied", "prompt"].find((state) => found.includes(state)) ?? "granted";
}

/**
 * @param {string} name
 * @param {() => void} [changed]
 * @returns {Promise<string>}
 */
async function ask(name, changed) {
  try {
    const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) });
    if (changed) {
      status.addEventListener("change", changed);
    }
    return status.state;
  } catch {
    return "prompt";
  }
}
