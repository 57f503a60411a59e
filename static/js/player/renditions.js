/** What media-chrome's quality menu reads and writes, backed by the levels of hls.js. */

/** @typedef {{ id: string, width: number, height: number, bitrate: number, codec?: string }} Rendition */

class RenditionList extends EventTarget {
  #chosen = -1;
  length = 0;
  // media-chrome reads them from the list itself, by their number.
  #byNumber = /** @type {Record<number, Rendition>} */ (/** @type {unknown} */ (this));

  /** -1 is "Auto". */
  get selectedIndex() {
    return this.#chosen;
  }

  set selectedIndex(index) {
    if (index !== this.#chosen) {
      this.#chosen = index;
      this.dispatchEvent(new Event("change"));
    }
  }

  /** @param {Rendition[]} renditions */
  replace(renditions) {
    for (let index = 0; index < this.length; index += 1) {
      delete this.#byNumber[index];
    }
    Object.assign(this, renditions);
    this.length = renditions.length;
    this.#chosen = -1;
    this.dispatchEvent(new Event("addrendition"));
  }

  *[Symbol.iterator]() {
    for (let index = 0; index < this.length; index += 1) {
      yield this.#byNumber[index];
    }
  }
}

/**
 * Gives the video element its list; call it before media-chrome is loaded, which looks only once.
 * @param {HTMLVideoElement} video
 */
export function prepare(video) {
  video.videoRenditions = new RenditionList();
}

/**
 * Keeps the list and hls.js in step for the life of `hls`.
 * @param {HTMLVideoElement} video
 * @param {HlsJs.Player} hls
 * @param {HlsJs.EventNames} Events
 */
export function follow(video, hls, Events) {
  const list = video.videoRenditions;
  if (!(list instanceof RenditionList)) {
    return;
  }
  const choose = () => {
    if (hls.levels.length) {
      hls.nextLevel = list.selectedIndex;
    }
  };
  hls.on(Events.MANIFEST_PARSED, (_, { levels }) => {
    list.replace(
      levels.map((level, index) => ({
        id: String(index),
        width: level.width,
        height: level.height,
        bitrate: level.bitrate,
        codec: level.videoCodec,
      })),
    );
  });
  list.addEventListener("change", choose);
  hls.on(Events.DESTROYING, () => list.removeEventListener("change", choose));
}
