/** The class page: waits in the lobby, joins when the doors open, plays, holds during a drop, says thanks. */

import { get, post } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { watchForStream } from "./lobby.js";
import { WebRtcUpgrade } from "../player/webrtc-upgrade.js";
import { Player } from "../player/player.js";
import { Room } from "../chat/room.js";
import { ask, refusal } from "./seat.js";
import { Views } from "./class-views.js";

const OPEN = ["starting", "live", "interrupted"];

class ClassPage {
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.base = this.data.api;
    this.backoff = new Backoff({ first: 2000, most: 15000 });
    this.refusals = new Backoff({ first: 1000, most: 30000 });
    this.views = new Views(root);
  }

  begin() {
    if (OPEN.includes(this.data.state)) {
      this.enter();
    } else if (this.data.state !== "ended" && this.data.state !== "cancelled") {
      this.lobby();
    }
  }

  /** Waits for a stream, then on its socket for the doors: a full lobby asks the server nothing. */
  lobby() {
    this.views.show("lobby");
    this.waiting ??= watchForStream(this.root, (stream) => {
      this.data.streamId = stream.id;
      this.data.roomId = stream.room_id;
      this.#listen();
    });
  }

  async #listen() {
    try {
      this.#connect((await this.#renew()).chat_url);
    } catch (error) {
      if (error.passing) {
        setTimeout(() => this.#listen(), this.backoff.next());
      }
    }
  }

  /** Asks for a seat; what a refusal means decides where to stand. */
  enter() {
    this.entering = true;
    this.views.show("room");
    this.player ??= this.#player();
    this.player.slate({ title: "Finding your seat", words: "One moment." });
    return this.#admit("join");
  }

  async #admit(action) {
    try {
      this.#seated(await ask(`${this.base}/sessions/${this.data.streamId}`, action));
      this.backoff.reset();
    } catch (error) {
      this.#noSeat(error, () => this.#admit(action));
    }
  }

  #seated({ stream_urls: urls }) {
    this.seated = true;
    this.urls = urls;
    this.#connect(urls.chat_url);
    if (this.stream) {
      this.#stream(this.stream);
    }
  }

  #connect(address) {
    if (this.room) {
      return;
    }
    const renew = async () => (await this.#renew()).chat_url;
    const mediaTime = () => this.player?.live.mediaTime ?? null;
    this.room = new Room(this.root, { address, renew, mediaTime });
    this.room.addEventListener("stream", ({ detail }) => this.#stream(detail));
    this.room.addEventListener("status", ({ detail }) => this.#status(detail));
    this.room.connect();
  }

  #noSeat(error, again) {
    if (error.code === "stream:not-joined") {
      this.enter();
    } else if (error.code === "stream:full" || error.passing) {
      this.player.slate(refusal(error));
      this.full = setTimeout(again, error.retryAfter * 1000 || this.backoff.next());
    } else if (error.code === "stream:places") {
      this.seated = false;
      this.player.slate(refusal(error));
    } else if (error.status === 409) {
      this.#unlessOver(() => this.#backToTheLobby());
    } else {
      this.player.slate(refusal(error));
    }
  }

  /** The state may have moved without a word of it here: look where the class is now. */
  async #unlessOver(otherwise) {
    const { stream } = await get(`${this.base}/sessions/${this.data.streamId}/state`).catch(() => ({}));
    if (stream?.state === "ended") {
      this.thanks(stream);
    } else {
      otherwise();
    }
  }

  #backToTheLobby() {
    this.entering = false;
    this.lobby();
    this.#listen();
  }

  #renew() {
    return post(`${this.base}/token`, { room_id: this.data.roomId, role: "viewer" });
  }

  #stream(stream) {
    this.stream = stream;
    this.root.querySelector("[data-live]").hidden = stream.state !== "live";
    if (stream.state === "ended") {
      this.thanks(stream);
    } else if (!this.seated) {
      this.#atTheDoor(stream);
    } else if (stream.state === "interrupted") {
      this.player.interrupt(stream.reconnect_until, this.room.skewMs);
    } else if (stream.state === "starting" || !stream.picture) {
      this.player.slate({ title: "The instructor is getting ready", words: "The picture starts by itself." });
    } else {
      this.player.show(this.urls.hls_url);
      this.#upgrade(stream);
    }
  }

  /** By WebRTC as well, where the instructor chose it. */
  #upgrade(stream) {
    if (stream.mode === "interactive") {
      const renew = async () => (await this.#renew()).webrtc_url;
      this.upgrade.offer({ address: this.urls.webrtc_url, renew });
    } else {
      this.upgrade.withdraw();
    }
  }

  #atTheDoor(stream) {
    if (OPEN.includes(stream.state) && !this.entering) {
      this.waiting?.stop();
      this.enter();
    }
  }

  #status(status) {
    if (status.state === "closed" && status.words && this.seated && !this.over) {
      this.#stop();
      const title = "You are no longer in this class";
      this.#unlessOver(() => this.player.slate({ title, words: status.words }));
    }
  }

  #stop() {
    this.upgrade?.stop();
    this.player?.stop();
  }

  #player() {
    const player = new Player(this.root.querySelector("[data-screen]"));
    this.upgrade = new WebRtcUpgrade(player);
    // Not a join: that would take the place back from another device, unasked.
    player.addEventListener("refused", () => setTimeout(() => this.#admit("renew"), this.refusals.next()));
    player.video.addEventListener("playing", () => this.refusals.reset());
    player.addEventListener("again", () => {
      clearTimeout(this.full);
      this.enter();
    });
    return player;
  }

  thanks(stream) {
    this.over = true;
    this.#stop();
    this.room?.close();
    const view = this.views.show("thanks");
    view.querySelector("[data-why]").hidden = !["signal_lost", "overtime"].includes(stream.end_reason);
    view.querySelector("h1").focus();
  }
}

document.querySelectorAll("[data-class-page]").forEach((root) => new ClassPage(root).begin());
