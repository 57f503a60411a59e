/** The studio: the instructor's picture, doors, people, talk and key on one page. */

import { get, post } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { say } from "../lib/dom.js";
import { Player } from "../player/player.js";
import { Room } from "../chat/room.js";
import { SignalWatch } from "./signal-watch.js";
import { StudioMode } from "./studio-mode.js";
import { showState } from "./studio-state.js";
import { TakeOver } from "./takeover.js";

class Studio {
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.api = `${this.data.api}/sessions/${this.data.streamId}`;
    this.backoff = new Backoff({ first: 1000, most: 15000 });
  }

  begin() {
    this.player = new Player(this.root.querySelector("[data-screen]"));
    this.player.video.muted = true; // the instructor is in the same room: her own sound would come back
    this.player.addEventListener("refused", () => this.#again());
    showState(this.root, { state: this.data.state, reconnect_until: null, started_at: this.data.startedAt }, 0);
    this.takeOver = new TakeOver(this.root, `${this.api}/take-over`);
    this.mode = new StudioMode(this.root, `${this.api}/mode`);
    this.#forms();
    this.#connect();
    this.watch = new SignalWatch(this.root, this.api);
    this.watch.look();
  }

  async #connect() {
    try {
      const renew = () => this.#roomAddress();
      const mediaTime = () => this.player.live.mediaTime;
      this.room = new Room(this.root, { address: await renew(), renew, mediaTime });
      this.room.addEventListener("stream", ({ detail }) => this.#stream(detail));
      this.room.connect();
    } catch (error) {
      this.#fault(error.message);
      if (error.passing) {
        setTimeout(() => this.#connect(), this.backoff.next());
      }
    }
  }

  async #roomAddress() {
    const reply = await post(`${this.data.api}/token`, { room_id: this.data.roomId, role: "viewer" });
    return reply.chat_url;
  }

  #stream(stream) {
    const before = this.stream?.state;
    this.stream = stream;
    this.root.querySelector("[data-live]").hidden = stream.state !== "live";
    showState(this.root, stream, this.room.skewMs);
    this.takeOver.show(stream);
    this.mode.show(stream);
    if (stream.state === "ended") {
      this.#ended();
    } else if (stream.picture) {
      this.#picture();
    } else {
      this.#noPicture(stream);
    }
    if (before && before !== stream.state) {
      this.watch.look();
    }
  }

  async #picture() {
    if (this.player.interrupted) {
      this.player.recover();
    }
    if (this.player.running || this.joining) {
      return;
    }
    this.joining = true;
    try {
      const { stream_urls: urls } = await post(`${this.api}/join`);
      this.player.start(urls.hls_url);
    } catch (error) {
      this.player.slate({ title: "No preview", words: error.message });
      this.#again();
    } finally {
      this.joining = false;
    }
  }

  #noPicture(stream) {
    if (stream.state === "interrupted") {
      this.player.interrupt(stream.reconnect_until, this.room.skewMs);
      return;
    }
    this.player.stop();
    this.player.slate({
      title: "No signal yet",
      words: "Connect OBS or your camera: your picture shows here before anybody else sees it.",
    });
  }

  #again() {
    setTimeout(() => this.stream?.picture && this.#picture(), this.backoff.next());
  }

  #ended() {
    this.player.stop();
    this.player.slate({ title: "The class is over", words: "Thank you for teaching it." });
    this.watch.stop();
  }

  /** Doors and key without leaving the page; without this script the same forms reload it. */
  #forms() {
    this.root.addEventListener("submit", (event) => {
      const form = event.target;
      const dialog = form.dataset.confirm && !form.dataset.confirmed;
      if (event.defaultPrevented || dialog) {
        return;
      }
      if (form.dataset.action) {
        event.preventDefault();
        this.#act(form.dataset.action, event.submitter);
      } else if ("keyForm" in form.dataset) {
        event.preventDefault();
        this.#showKey();
      }
    });
  }

  async #act(action, button) {
    this.#fault("");
    if (button) {
      button.disabled = true;
    }
    try {
      await post(`${this.api}/${action}`);
    } catch (error) {
      this.#fault(error.message);
    } finally {
      if (button) {
        button.disabled = false;
      }
    }
  }

  async #showKey() {
    try {
      const { streaming_session: session, stream_config: config } = await get(this.api);
      say(this.root.querySelector("#stream-key"), session.stream_key);
      say(this.root.querySelector("[data-ingest-url]"), config.rtmp_url);
      this.root.querySelectorAll("[data-key-shown]").forEach((part) => {
        part.hidden = false;
      });
      this.root.querySelector("[data-key-form]").hidden = true;
    } catch (error) {
      this.#fault(error.message);
    }
  }

  #fault(words) {
    const note = this.root.querySelector("[data-fault]");
    note.hidden = !words;
    say(note, words);
  }
}

const root = document.querySelector("[data-studio]");
if (root) {
  new Studio(root).begin();
}
