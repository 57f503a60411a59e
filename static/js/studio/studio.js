/** The studio: the instructor's picture, doors, people, chat and key on one page. */

import "../lib/arrived.js";
import { apiError, get, post } from "../lib/api.js";
import { Backoff } from "../lib/backoff.js";
import { all, find, maybe, say } from "../lib/dom.js";
import { Player } from "../player/player.js";
import { Room } from "../chat/room.js";
import { SignalWatch } from "./signal-watch.js";
import { StudioMode } from "./studio-mode.js";
import { showState } from "./studio-state.js";
import { TakeOver } from "./takeover.js";

class Studio {
  /** @type {Room.Stream | null} */
  stream = null;
  joining = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.api = `${this.data.api}/sessions/${this.data.streamId}`;
    this.backoff = new Backoff({ first: 1000, most: 15000 });
    this.player = new Player(find(root, "[data-screen]"));
    this.takeOver = new TakeOver(root, `${this.api}/take-over`);
    this.mode = new StudioMode(root, `${this.api}/mode`);
    this.watch = new SignalWatch(root, this.api);
  }

  begin() {
    this.player.video.muted = true; // the instructor is in the same room: her own sound would come back
    this.player.on("refused", () => this.#again());
    const state = /** @type {Room.StreamState} */ (this.data.state);
    showState(this.root, { state, reconnect_until: null, started_at: this.data.startedAt ?? null }, 0);
    this.#forms();
    this.#connect();
    this.watch.look();
  }

  async #connect() {
    try {
      const renew = () => this.#roomAddress();
      const mediaTime = () => this.player.live.mediaTime;
      const room = new Room(this.root, { address: await renew(), renew, mediaTime });
      room.on("stream", (stream) => this.#stream(stream, room.skewMs));
      room.connect();
    } catch (error) {
      const { message, passing } = apiError(error);
      this.#fault(message);
      if (passing) {
        setTimeout(() => this.#connect(), this.backoff.next());
      }
    }
  }

  async #roomAddress() {
    /** @type {Api.Token} */
    const { chat_url: address } = await post(`${this.data.api}/token`, { room_id: this.data.roomId, role: "viewer" });
    return address;
  }

  /**
   * @param {Room.Stream} stream
   * @param {number} skewMs
   */
  #stream(stream, skewMs) {
    const before = this.stream?.state;
    this.stream = stream;
    find(this.root, "[data-live]").hidden = stream.state !== "live";
    showState(this.root, stream, skewMs);
    this.takeOver.show(stream);
    this.mode.show(stream);
    if (stream.state === "ended") {
      this.#ended();
    } else if (stream.picture) {
      this.#picture();
    } else {
      this.#noPicture(stream, skewMs);
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
      /** @type {{ stream_urls: Api.StreamUrls }} */
      const { stream_urls: urls } = await post(`${this.api}/join`);
      this.player.start(urls.hls_url);
    } catch (error) {
      this.player.slate({ title: "No preview", words: apiError(error).message });
      this.#again();
    } finally {
      this.joining = false;
    }
  }

  /**
   * @param {Room.Stream} stream
   * @param {number} skewMs
   */
  #noPicture(stream, skewMs) {
    if (stream.state === "interrupted") {
      this.player.interrupt(stream.reconnect_until, skewMs);
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
      if (event.defaultPrevented || !(form instanceof HTMLFormElement)) {
        return;
      }
      if (form.dataset.confirm && !form.dataset.confirmed) {
        return; // site.js asks first
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

  /**
   * @param {string} action
   * @param {HTMLElement | null} button
   */
  async #act(action, button) {
    this.#fault("");
    button?.toggleAttribute("disabled", true);
    try {
      await post(`${this.api}/${action}`);
    } catch (error) {
      this.#fault(apiError(error).message);
    } finally {
      button?.toggleAttribute("disabled", false);
    }
  }

  async #showKey() {
    try {
      /** @type {{ streaming_session: { stream_key: string }, stream_config: { rtmp_url: string } }} */
      const { streaming_session: session, stream_config: config } = await get(this.api);
      say(find(this.root, "#stream-key"), session.stream_key);
      say(find(this.root, "[data-ingest-url]"), config.rtmp_url);
      for (const part of all(this.root, "[data-key-shown]")) {
        part.hidden = false;
      }
      find(this.root, "[data-key-form]").hidden = true;
    } catch (error) {
      this.#fault(apiError(error).message);
    }
  }

  /** @param {string} words */
  #fault(words) {
    const note = find(this.root, "[data-fault]");
    note.hidden = !words;
    say(note, words);
  }
}

const root = maybe(document, "[data-studio]");
if (root) {
  new Studio(root).begin();
}
