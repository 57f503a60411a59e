/** How bright a picture is. */

const SIZE = { width: 32, height: 18 };

export class Light {
  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, SIZE);
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
  }

  /** Mean and spread of the luminance, 0 to 255; null without a picture. */
  measure() {
    if (!this.video.videoWidth || !this.pen) {
      return null;
    }
    this.pen.drawImage(this.video, 0, 0, SIZE.width, SIZE.height);
    return brightness(this.pen.getImageData(0, 0, SIZE.width, SIZE.height).data);
  }
}

/**
 * Mean and spread of the luminance of RGBA pixels.
 * @param {ArrayLike<number>} data
 */
export function brightness(data) {
  const luma = [];
  for (let at = 0; at < data.length; at += 4) {
    luma.push(0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]);
  }
  const mean = luma.reduce((sum, one) => sum + one, 0) / luma.length;
  const spread = Math.sqrt(luma.reduce((sum, one) => sum + (one - mean) ** 2, 0) / luma.length);
  return { mean, spread };
}
