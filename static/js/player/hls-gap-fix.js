/**
 * Steps over a gap that hls.js 1.7.4 does not see.
 *
 * Browsers round the end of the buffer to microseconds. Where that falls short of the end of a segment, hls.js takes the
 * buffered segment for the next one to load, finds it loaded and waits, with the parts behind it in its playlist:
 * seen about once in fifty discontinuities, for six seconds each time. A seek to the start of the part that follows
 * costs a frame.
 */

// No request and no byte for this long, while the playlist goes on: it is not the line that is slow.
const QUIET = 600;
// So much behind the end of the buffer is in the playlist, and so little before it, in seconds.
const LISTED = 0.5;
const LEFT = 0.3;
const BEYOND = 0.002;
// A part further away follows something else: whoever has gone back in time is not thrown forward over a slow line.
const FOLLOWS = 2.5;
/** @type {(keyof HlsJs.EventNames)[]} */
const BUSY = ["FRAG_LOADING", "FRAG_LOADED", "FRAG_BUFFERED", "BUFFER_APPENDED", "ERROR"];

/**
 * @param {HTMLVideoElement} video
 * @param {HlsJs.Player} hls
 * @param {HlsJs.EventNames} Events
 */
export function stepOverGaps(video, hls, Events) {
  let busyAt = Date.now();
  const busy = () => {
    busyAt = Date.now();
  };
  for (const name of BUSY) {
    hls.on(Events[name], busy);
  }
  hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
    const next = Date.now() - busyAt > QUIET && !video.paused && !video.seeking && follower(video, details);
    if (next) {
      busy();
      video.currentTime = next.start + BEYOND;
    }
  });
}

/**
 * The part to begin with behind the buffer that is nearly used up; null where nothing is wrong.
 * @param {HTMLVideoElement} video
 * @param {HlsJs.LevelDetails} details
 */
function follower(video, details) {
  const end = bufferedUntil(video);
  if (end === null || end - video.currentTime > LEFT || details.partEnd - end < LISTED) {
    return null;
  }
  const next = details.partList?.find((part) => part.independent && part.start > end - BEYOND);
  return next && next.start < end + FOLLOWS ? next : null;
}

/**
 * Where the buffer around the playhead ends.
 * @param {HTMLVideoElement} video
 */
function bufferedUntil({ buffered, currentTime }) {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index) + BEYOND) {
      return buffered.end(index);
    }
  }
  return null;
}
