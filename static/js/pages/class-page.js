/** The class page: waits in the lobby, joins when the doors open, plays, holds during a drop, says thanks. */

import "../lib/arrived.js";
import { apiError, get, post } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { all, find } from "../lib/dom.js";
import { Room } from "../chat/room.js";
import { Player } from "../player/player.js";
import { WebRtcUpgrade } from "../player/webrtc-upgrade.js";
import { Views } from "./class-views.js";
import { watchForStream } from "./lobby.js";
import { ask, refusal } from "./seat.js";

/** @typedef {import("../lib/api.js").ApiError} ApiError */

const OPEN = ["starting", "live", "interrupted"];

class ClassPage {
  /** @type {{ player: Player, upgrade: WebRtcUpgrade } | null} what shows the picture; made at the first entry */
  screen = null;
  /** @type {Room | null} */
  room = null;
  /** @type {{ stop(): void } | null} the lobby */
  waiting = null;
  /** @type {Room.Stream | null} as the socket told it last */
  stream = null;
  /** @type {Api.StreamUrls | null} while there is a seat */
  urls = null;
  entering = false;
  over = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.base = this.data.api;
    this.backoff = new Backoff({ first: 2000, most: 15000 });
    this.refusals = new Backoff({ first: 1000, most: 30000 });
    this.views = new Views(root);
  }

  begin() {
    const { state = "" } = this.data;
    if (OPEN.includes(state)) {
      this.enter();
    } else if (state !== "ended" && state !== "cancelled") {
      this.lobby();
    }
  }

  get #session() {
    return `${this.base}/sessions/${this.data.streamId}`;
  }

  /** Waits for a stream, then listens on its socket until the doors open, so that a full lobby does not poll. */
  lobby() {
    this.views.show("lobby");
    this.waiting ??= watchForStream(this.root, (stream) => {
      this.data.streamId = String(stream.id);
      this.data.roomId = stream.room_id;
      this.#listen();
    });
  }

  async #listen() {
    try {
      this.#connect((await this.#renew()).chat_url);
    } catch (error) {
      if (apiError(error).passing) {
        setTimeout(() => this.#listen(), this.backoff.next());
      }
    }
  }

  /** Asks for a seat; a refusal decides what is shown. */
  enter() {
    this.entering = true;
    this.views.show("room");
    this.#screen().player.slate({ title: "Finding your seat", words: "One moment." });
    return this.#admit("join");
  }

  /** @param {"join" | "renew"} action */
  async #admit(action) {
    try {
      this.#seated((await ask(this.#session, action)).stream_urls);
      this.backoff.reset();
    } catch (error) {
      this.#noSeat(apiError(error), () => this.#admit(action));
    }
  }

  /** @param {Api.StreamUrls} urls */
  #seated(urls) {
    this.urls = urls;
    this.#connect(urls.chat_url);
    if (this.stream) {
      this.#stream(this.stream);
    }
  }

  /** @param {string} address */
  #connect(address) {
    if (this.room) {
      return;
    }
    const renew = async () => (await this.#renew()).chat_url;
    const mediaTime = () => this.screen?.player.live.mediaTime ?? null;
    this.room = new Room(this.root, { address, renew, mediaTime });
    this.room.on("stream", (stream) => this.#stream(stream));
    this.room.on("status", (status) => this.#status(status));
    this.room.connect();
  }

  /**
   * @param {ApiError} error
   * @param {() => void} again
   */
  #noSeat(error, again) {
    const { player } = this.#screen();
    if (error.code === "stream:not-joined") {
      this.enter();
    } else if (error.code === "stream:full" || error.passing) {
      player.slate(refusal(error));
      this.full = setTimeout(again, error.retryAfter * 1000 || this.backoff.next());
    } else if (error.code === "stream:places") {
      this.urls = null;
      player.slate(refusal(error));
    } else if (error.status === 409) {
      this.#unlessOver(() => this.#backToTheLobby());
    } else {
      player.slate(refusal(error));
    }
  }

  /**
   * The state may have moved without a word of it here: look where the class is now.
   * @param {() => void} otherwise
   */
  async #unlessOver(otherwise) {
    /** @type {{ stream?: Room.Stream }} */
    const { stream } = await get(`${this.#session}/state`).catch(() => ({}));
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

  /** @returns {Promise<Api.Token>} */
  #renew() {
    return post(`${this.base}/token`, { room_id: this.data.roomId, role: "viewer" });
  }

  /** @param {Room.Stream} stream */
  #stream(stream) {
    this.stream = stream;
    find(this.root, "[data-live]").hidden = stream.state !== "live";
    if (stream.state === "ended") {
      this.thanks(stream);
    } else if (this.urls) {
      this.#picture(stream, this.urls);
    } else {
      this.#atTheDoor(stream);
    }
  }

  /**
   * @param {Room.Stream} stream
   * @param {Api.StreamUrls} urls
   */
  #picture(stream, urls) {
    const { player, upgrade } = this.#screen();
    if (stream.state === "interrupted") {
      player.interrupt(stream.reconnect_until, this.room?.skewMs ?? 0);
    } else if (stream.state === "starting" || !stream.picture) {
      player.slate({ title: "The instructor is getting ready", words: "The picture starts by itself." });
    } else {
      player.show(urls.hls_url);
      // By WebRTC as well, where the instructor chose it.
      if (stream.mode === "interactive") {
        upgrade.offer({ address: urls.webrtc_url, renew: async () => (await this.#renew()).webrtc_url });
      } else {
        upgrade.withdraw();
      }
    }
  }

  /** @param {Room.Stream} stream */
  #atTheDoor(stream) {
    if (OPEN.includes(stream.state) && !this.entering) {
      this.waiting?.stop();
      this.enter();
    }
  }

  /** @param {import("../lib/socket-line.js").Status} status */
  #status({ state, words }) {
    if (state === "closed" && words && this.urls && !this.over) {
      this.#stop();
      const title = "You are no longer in this class";
      this.#unlessOver(() => this.#screen().player.slate({ title, words }));
    }
  }

  #stop() {
    this.screen?.upgrade.stop();
    this.screen?.player.stop();
  }

  #screen() {
    if (this.screen) {
      return this.screen;
    }
    const player = new Player(find(this.root, "[data-screen]"));
    // Not a join: that would take the seat back from another device, unasked.
    player.on("refused", () => setTimeout(() => this.#admit("renew"), this.refusals.next()));
    player.video.addEventListener("playing", () => this.refusals.reset());
    player.on("again", () => {
      clearTimeout(this.full);
      this.enter();
    });
    this.screen = { player, upgrade: new WebRtcUpgrade(player) };
    return this.screen;
  }

  /** @param {Room.Stream} stream */
  thanks(stream) {
    this.over = true;
    this.#stop();
    this.room?.close();
    const view = this.views.show("thanks");
    find(view, "[data-why]").hidden = !["signal_lost", "overtime"].includes(stream.end_reason ?? "");
    find(view, "h1").focus();
  }
}

for (const root of all(document, "[data-class-page]")) {
  new ClassPage(root).begin();
}
