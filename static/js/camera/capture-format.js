/** The one size of what is sent: a class that changes it under way breaks the copy that everybody else watches. */
export const CAPTURE_FORMAT = Object.freeze({ width: 1280, height: 720, fps: 30 });
