/** The class page: waits in the lobby, joins when the doors open, plays, holds during a drop, says thanks. */

import { get, post } from "./api.js";
import { Backoff } from "./backoff.js";
import { watchDoors } from "./doors.js";
import { showPeople } from "./people.js";
import { Player } from "./player.js";
import { RoomSocket } from "./room-socket.js";
import { Talk } from "./talk.js";

const OPEN = ["starting", "live", "interrupted"];

class ClassPage {
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.base = this.data.api;
    this.skewMs = 0;
    this.backoff = new Backoff({ first: 2000, most: 15000 });
    this.refusals = new Backoff({ first: 1000, most: 30000 });
    this.views = new Map([...root.querySelectorAll("[data-view]")].map((view) => [view.dataset.view, view]));
  }

  begin() {
    this.#foldTalk();
    globalThis.addEventListener("pagehide", () => this.player?.stop());
    if (OPEN.includes(this.data.state)) {
      this.enter();
    } else if (this.data.state !== "ended" && this.data.state !== "cancelled") {
      this.lobby();
    }
  }

  lobby() {
    this.show("lobby");
    watchDoors(this.root, (stream) => {
      if (stream.state === "ended") {
        this.thanks(stream);
      } else {
        this.data.streamId = stream.id;
        this.enter();
      }
    });
  }

  /** Asks for a seat; what a refusal means decides where to stand. */
  async enter() {
    this.show("room");
    this.player ??= this.#player();
    this.player.slate({ title: "Finding your seat", words: "One moment." });
    try {
      const reply = await post(`${this.base}/sessions/${this.data.streamId}/join`);
      this.backoff.reset();
      this.#seated(reply);
    } catch (error) {
      this.#noSeat(error);
    }
  }

  #seated({ stream_urls: urls }) {
    this.hlsUrl = urls.hls_url;
    if (!this.socket) {
      this.socket = new RoomSocket({ address: urls.chat_url, renew: () => this.#renew() });
      this.talk = new Talk(this.root.querySelector("[data-talk]"), (frame) => this.socket.send(frame));
      this.socket.addEventListener("frame", ({ detail }) => this.#frame(detail));
      this.socket.addEventListener("status", ({ detail }) => this.#status(detail));
      this.socket.connect();
    } else if (this.stream) {
      this.#stream(this.stream);
    }
  }

  #noSeat(error) {
    const again = () => setTimeout(() => this.enter(), error.retryAfter * 1000 || this.backoff.next());
    if (error.code === "stream:full") {
      this.player.slate({
        title: "Every seat is taken",
        words: "We ask again by ourselves; you come in as soon as somebody leaves.",
        action: "Try now",
      });
      this.full = again();
    } else if (error.passing) {
      this.player.slate({ title: "We cannot reach the class", words: error.message });
      again();
    } else if (error.status === 409) {
      this.#elsewhere();
    } else {
      this.player.slate({ title: "This class is not open to you", words: error.message });
    }
  }

  /** The state moved between the page and the join: look where the class is now. */
  async #elsewhere() {
    const { stream } = await get(`${this.base}/sessions/${this.data.streamId}/state`).catch(() => ({}));
    if (stream?.state === "ended") {
      this.thanks(stream);
    } else {
      this.lobby();
    }
  }

  async #renew() {
    const { stream_urls: urls } = await post(`${this.base}/sessions/${this.data.streamId}/renew`);
    this.hlsUrl = urls.hls_url;
    return urls.chat_url;
  }

  #frame(frame) {
    this.talk.take(frame);
    if (frame.server_time) {
      this.skewMs = frame.server_time - Date.now();
    }
    if (frame.viewer_count !== undefined) {
      showPeople(this.root, frame);
    }
    if (frame.stream) {
      this.#stream(frame.stream);
    }
  }

  #stream(stream) {
    this.stream = stream;
    this.root.querySelector("[data-live]").hidden = stream.state !== "live";
    if (stream.state === "ended") {
      this.thanks(stream);
    } else if (stream.state === "interrupted") {
      this.player.interrupt(stream.reconnect_until, this.skewMs);
    } else if (stream.state === "starting" || !stream.picture) {
      this.player.slate({ title: "The instructor is getting ready", words: "The picture starts by itself." });
    } else if (!this.player.running) {
      this.player.start(this.hlsUrl);
    } else if (this.player.interrupted) {
      this.player.recover();
    }
  }

  #status(status) {
    this.talk.status(status);
    if (status.state === "closed" && status.words && !this.over) {
      this.player.stop();
      this.player.slate({ title: "You are no longer in this class", words: status.words });
    }
  }

  #player() {
    const player = new Player(this.root.querySelector("[data-screen]"));
    player.addEventListener("refused", () => setTimeout(() => this.enter(), this.refusals.next()));
    player.video.addEventListener("playing", () => this.refusals.reset());
    player.addEventListener("again", () => {
      clearTimeout(this.full);
      this.enter();
    });
    return player;
  }

  thanks(stream) {
    this.over = true;
    this.player?.stop();
    this.socket?.close();
    const view = this.views.get("thanks");
    view.querySelector("[data-why]").hidden = !["signal_lost", "overtime"].includes(stream.end_reason);
    this.show("thanks");
    view.querySelector("h1").focus();
  }

  show(name) {
    this.views.forEach((view, key) => {
      view.hidden = key !== name;
    });
    document.body.classList.toggle("room", name === "room");
    document.body.classList.toggle("room-on", name === "room");
  }

  /** On a phone on its side the talk lies over the picture and can be put away. */
  #foldTalk() {
    const talk = this.root.querySelector("[data-talk]");
    for (const button of this.root.querySelectorAll("[data-fold]")) {
      button.addEventListener("click", () => {
        const away = talk.toggleAttribute("data-away");
        this.root.querySelector("[data-screen] [data-fold]").setAttribute("aria-expanded", String(!away));
      });
    }
  }
}

const root = document.querySelector("[data-class-page]");
if (root) {
  new ClassPage(root).begin();
}
