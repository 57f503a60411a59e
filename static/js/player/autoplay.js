/** Starts a picture with its sound where the browser lets it, silent where not, and says so. */

export class Autoplay {
  /**
   * @param {HTMLVideoElement} video
   * @param {HTMLElement} sound the button that is shown while the picture plays silent
   * @param {() => void} uncover called where only a tap on the video will do
   */
  constructor(video, sound, uncover) {
    this.video = video;
    this.sound = sound;
    this.uncover = uncover;
    sound.addEventListener("click", () => this.#unmute());
    video.addEventListener("volumechange", () => {
      sound.hidden ||= !video.muted;
    });
  }

  async play() {
    try {
      await this.video.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") {
        return;
      }
      // Browsers start a picture with sound only after a tap.
      this.video.muted = true;
      this.sound.hidden = false;
      // Not even silent (a phone that saves power): the play button is the way in.
      await this.video.play().catch(() => this.uncover());
    }
  }

  #unmute() {
    this.video.muted = false;
    this.video.volume ||= 1;
    this.sound.hidden = true;
    this.video.play().catch(() => {});
  }
}
