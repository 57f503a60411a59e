/**
 * The picture by WebRTC, half a second behind, where the class is Interactive and the line carries it. The HLS picture
 * plays until the first frame is here, and again whenever this one will not do: nobody is asked, nobody presses anything.
 */

import { Backoff } from "../lib/backoff.js";
import { LineWatch } from "../webrtc/line-watch.js";
import { Signalling } from "../webrtc/signalling.js";
import { StreamSource } from "./stream-source.js";
import { ViewerPeer } from "../webrtc/viewer-peer.js";

// No frame within this after asking: the line lets HLS through and WebRTC not.
const FIRST_FRAME_MS = 10000;
// The last frame stands while the instructor reloads or a socket comes back; longer, and HLS knows more.
const HOLD_MS = 3000;
// A connection that ends this soon would end again.
const SHORT_MS = 10000;
const SEATS_AGAIN_MS = 60000;
// Good for so long, and the next fault counts as the first.
const TRUSTED_MS = 120000;
// Refusals that stand until the class changes.
const ELSEWHERE = "stream:places"; // until the viewer says "Watch here": the page takes its seat anew then
const FINAL = ["webrtc:broadcast", "webrtc:role", "webrtc:state", "webrtc:codec"];

export class WebRtcUpgrade {
  /** Whether the screen shows the picture by WebRTC. */
  #on = false;
  /** @type {Signalling | null} */
  line = null;
  /** @type {ViewerPeer | null} */
  peer = null;
  /** The server said no, for as long as the class is as it is. */
  refused = false;
  shownAt = 0;

  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    this.rests = new Backoff({ first: 4000, most: 240000 });
    player.live.on("change", () => this.#viewerMoved());
    player.live.on("leave", () => this.#rest());
  }

  /**
   * The class is Interactive. May be called again.
   * @param {import("../lib/socket-line.js").Where} where
   */
  offer({ address, renew }) {
    if (this.line || this.refused || !globalThis.RTCPeerConnection) {
      return;
    }
    this.line = new Signalling({ address, renew });
    this.line.on("hello", ({ ready }) => ready && this.#try());
    this.line.on("ready", () => this.#try());
    this.line.on("gone", () => this.#hold());
    this.line.on("error", (refusal) => this.#refusal(refusal));
    this.line.on("status", ({ state }) => state !== "open" && this.#hold());
    this.line.connect();
  }

  /** The class is not Interactive (any more): go on by HLS. */
  withdraw() {
    this.refused = false;
    this.rests.reset();
    this.#end();
    this.#backToHls();
  }

  /** The page is over, and shows no picture any more. */
  stop() {
    this.#on = false;
    this.#end();
  }

  #try() {
    clearTimeout(this.resting);
    if (!this.line || this.player.live.rewound) {
      return;
    }
    this.#endPeer();
    const peer = new ViewerPeer(this.line);
    this.peer = peer;
    peer.on("stream", (stream) => this.#warm(peer, stream));
    peer.on("lost", () => this.#lost());
    peer.subscribe();
    clearTimeout(this.giving);
    this.giving = setTimeout(() => this.#rest(), FIRST_FRAME_MS);
  }

  /**
   * In a player of its own until the first frame is there, so that nobody looks at a black picture.
   * @param {ViewerPeer} peer
   * @param {MediaStream} stream
   */
  #warm(peer, stream) {
    const warmer = document.createElement("video");
    warmer.muted = true;
    warmer.playsInline = true;
    warmer.srcObject = stream;
    warmer.addEventListener("playing", () => {
      warmer.srcObject = null;
      if (peer === this.peer) {
        this.#show(peer, stream);
      }
    });
    warmer.play().catch(() => {});
  }

  /**
   * @param {ViewerPeer} peer
   * @param {MediaStream} stream
   */
  #show(peer, stream) {
    clearTimeout(this.giving);
    clearTimeout(this.holding);
    this.#on = true;
    this.shownAt = Date.now();
    const source = new StreamSource(this.player.video, stream);
    this.watch = new LineWatch(peer, {
      poor: () => this.#rest(),
      told: ({ delay }) => source.measured(delay),
    });
    this.trusted = setTimeout(() => this.rests.reset(), TRUSTED_MS);
    this.player.take(source);
  }

  /** The connection is over: a new one at once, on the same line; the last frame stands meanwhile. */
  #lost() {
    if (!this.#on || Date.now() - this.shownAt < SHORT_MS) {
      this.#rest();
    } else {
      this.#hold();
      this.#try();
    }
  }

  #hold() {
    this.watch?.stop();
    if (this.#on) {
      clearTimeout(this.holding);
      this.holding = setTimeout(() => this.#backToHls(), HOLD_MS);
    }
  }

  /** @param {Signal.Refusal} refusal */
  #refusal({ code, for: asked, retry_after: after = 0 }) {
    if (asked !== "subscribe") {
      return;
    }
    clearTimeout(this.giving);
    if (FINAL.includes(code) || code === ELSEWHERE) {
      this.refused = code !== ELSEWHERE;
      this.#end();
      this.#backToHls();
    } else if (code !== "webrtc:waiting") {
      this.#rest(code === "webrtc:full" ? after * 1000 || SEATS_AGAIN_MS : undefined);
    }
  }

  /** Returns to HLS, and tries again in `wait` milliseconds. */
  #rest(wait = this.rests.next()) {
    this.#endPeer();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.line?.open && this.#try(), wait);
    this.#backToHls();
  }

  #backToHls() {
    clearTimeout(this.holding);
    if (this.#on) {
      this.#on = false;
      this.player.again();
    }
  }

  /** Whoever went back in time watches HLS; back at live, WebRTC is asked for again. */
  #viewerMoved() {
    if (!this.player.live.rewound && this.line?.open && !this.#on) {
      this.#try();
    }
  }

  #endPeer() {
    clearTimeout(this.giving);
    clearTimeout(this.trusted);
    this.watch?.stop();
    this.peer?.stop();
    this.peer = null;
  }

  #end() {
    clearTimeout(this.resting);
    clearTimeout(this.holding);
    this.#endPeer();
    this.line?.close();
    this.line = null;
  }
}
