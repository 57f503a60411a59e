/** Cameras and microphones: opening them, listing them, and what is wrong when it does not work. */

import { CAPTURE_FORMAT } from "./capture-format.js";

/** kind: denied | no-camera | no-microphone | taken | insecure | unsupported; each has its section of help in the page. */
export class DeviceFault extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Throws a DeviceFault where no question to the person could help. */
export function mustBePossible() {
  if (!globalThis.isSecureContext) {
    throw new DeviceFault("insecure");
  }
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.RTCPeerConnection) {
    throw new DeviceFault("unsupported");
  }
}

/** Music leaves as it is; speech without echo, noise and jumps in loudness. */
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

/** The device asked for by name wins over the side that it looks to. */
export function pictureWish({ cameraId, facing }) {
  const side = facing ? { facingMode: { ideal: facing } } : {};
  return {
    width: { ideal: CAPTURE_FORMAT.width },
    height: { ideal: CAPTURE_FORMAT.height },
    frameRate: { ideal: CAPTURE_FORMAT.fps, max: CAPTURE_FORMAT.fps },
    ...(cameraId ? { deviceId: { exact: cameraId } } : side),
  };
}

/** Tracks for `{ video, audio }`, each a wish or absent. A device that went away is replaced by another. */
export async function open(wish) {
  mustBePossible();
  try {
    return tracks(await navigator.mediaDevices.getUserMedia(wish));
  } catch (error) {
    if (error.name !== "OverconstrainedError") {
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

function tracks(stream) {
  return { video: stream.getVideoTracks()[0], audio: stream.getAudioTracks()[0] };
}

async function faultOf({ name }, wish) {
  if (name === "NotAllowedError" || name === "SecurityError") {
    return new DeviceFault("denied");
  }
  if (name === "NotReadableError" || name === "AbortError") {
    return new DeviceFault("taken");
  }
  const { cameras } = await list().catch(() => ({ cameras: [] }));
  return new DeviceFault(wish.video && cameras.length === 0 ? "no-camera" : "no-microphone");
}

/** { cameras, microphones }: [{ id, label }]. Without permission the labels are empty and the ids may be. */
export async function list() {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind) => all.filter((one) => one.kind === kind).map(({ deviceId: id, label }) => ({ id, label }));
  return { cameras: of("videoinput"), microphones: of("audioinput") };
}

/** "granted" | "prompt" | "denied" for both devices together, "prompt" where the browser does not say. */
export async function permission(changed) {
  const found = await Promise.all(["camera", "microphone"].map((name) => ask(name, changed)));
  return ["denied", "prompt"].find((state) => found.includes(state)) ?? "granted";
}

async function ask(name, changed) {
  try {
    const status = await navigator.permissions.query({ name });
    if (changed) {
      status.addEventListener("change", changed);
    }
    return status.state;
  } catch {
    return "prompt";
  }
}
