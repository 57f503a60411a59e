/** What the measurements before a class mean, each trouble with its cure. */

import { rateText } from "../webrtc/signal-stats.js";

/** @typedef {"ok" | "warn" | "bad" | "wait"} Look */
/** @typedef {{ look: Look, words: string }} Result */

/** @type {(look: Look) => (words: string) => Result} */
const looking = (look) => (words) => ({ look, words });
const ok = looking("ok");
const warn = looking("warn");
const bad = looking("bad");
const wait = looking("wait");

/**
 * @param {{ width: number, height: number, fps: number | null }} found `fps`: frames that came in the last seconds, per
 *   second; null before they are counted
 */
export function picture({ width, height, fps }) {
  if (!width) {
    return wait("We wait for the first picture.");
  }
  if (fps === 0) {
    return bad("Your picture stands still. Close other apps that use the camera, then check again.");
  }
  if (height > width) {
    return warn("Upright: your members see black bars beside you. Turn your phone sideways.");
  }
  const size = `${width}x${height}`;
  if (height < 480) {
    return warn(`${size} is small. Choose another camera if you have one.`);
  }
  if (fps !== null && fps < 15) {
    return warn(`Only ${Math.round(fps)} frames a second. Turn a light on, and close other apps.`);
  }
  return ok(fps === null ? `${size}.` : `${size}, ${Math.round(fps)} frames a second.`);
}

/** @param {{ mean: number, spread: number } | null} measured what Light measures */
export function light(measured) {
  if (!measured) {
    return wait("We wait for the first picture.");
  }
  const { mean, spread } = measured;
  if (mean < 16 && spread < 8) {
    return bad("We see only black. Is something over the lens?");
  }
  if (mean < 50) {
    return warn("Too dark to see you move. Turn on a light in front of you, or open the curtains.");
  }
  if (mean > 215) {
    return warn("Too bright. Turn away from the window, or dim the light.");
  }
  return ok("We see you well.");
}

/**
 * @param {{ awake: boolean, loudest: number, seconds: number, music: boolean }} heard `loudest`: decibels, the peak of the
 *   last seconds; `seconds`: how long we have listened
 */
export function sound({ awake, loudest, seconds, music }) {
  if (!awake) {
    return wait("Touch or click this page once, so that your browser lets us listen.");
  }
  if (loudest < -60) {
    return seconds < 3
      ? wait("Say something.")
      : bad("We hear nothing. Say something. Is the right microphone chosen, and switched on?");
  }
  if (loudest > -0.5) {
    return warn("Too loud: it crackles. Step back, or turn the loudspeakers down.");
  }
  if (loudest < -38) {
    return warn("Very quiet. Speak up, or bring the microphone closer.");
  }
  return ok(music ? "We hear you, in music mode." : "We hear you well.");
}

/** @param {import("./upload-test.js").Upload | null} found null while it is measured */
export function upload(found) {
  if (!found) {
    return wait("We measure your line.");
  }
  if (found.words !== undefined) {
    return warn(found.words);
  }
  const rate = found.bits > 5e7 ? "More than 50 Mbit/s" : rateText(found.bits);
  if (found.slower || found.bits < 1e6) {
    const most = found.slower ? `Less than ${rate}` : rate;
    return bad(`${most}: too little for a moving picture. Move closer to the router, or use mobile data.`);
  }
  if (found.bits < 3.5e6) {
    return warn(`${rate}: enough, but not always sharp. Move closer to the router if you can.`);
  }
  return ok(`${rate}: enough for a sharp picture.`);
}

/** @param {{ h264: boolean, vp8: boolean, opus: boolean }} sendable what this browser can send */
export function codec({ h264, vp8, opus }) {
  if (!opus || (!h264 && !vp8)) {
    return bad("This browser cannot make a picture or a sound that we can pass on. Use a current Chrome or Safari.");
  }
  return ok(h264 ? "H.264: goes to your members as it is." : "VP8: we turn it into what every device plays.");
}

/** @type {Record<string, string>} */
const TROUBLES = { picture: "picture", light: "light", sound: "sound", upload: "upload", codec: "format" };

/**
 * One sentence about all of them.
 * @param {Record<string, Result>} results
 */
export function summary(results) {
  const all = Object.entries(results);
  if (all.some(([, { look }]) => look === "wait")) {
    return "We look at your picture and listen to your sound.";
  }
  const troubles = all.filter(([, { look }]) => look !== "ok").map(([name]) => TROUBLES[name]);
  if (troubles.length === 0) {
    return "All is well. You can go live.";
  }
  const last = troubles.pop();
  const list = troubles.length ? `${troubles.join(", ")} and ${last}` : last;
  return `Look at your ${list} first, or go live as you are.`;
}
