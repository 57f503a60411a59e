/**
 * A member in a class: keeps the talk, says what it is told, comes back after a drop and misses nothing.
 *
 *     const talk = new Talk(chatUrl); // from POST /api/streaming/sessions/<id>/join
 *     talk.addEventListener("change", () => show(talk.messages)); // a Map by id
 *     talk.addEventListener("end", ({ detail }) => say(detail)); // for good
 *     talk.say("Good morning!");
 *
 * No dependency. Runs in browsers, Deno, Bun, and Node 22 (20: --experimental-websocket):
 * node chat_client.js <chat_url>. docs/websocket.md shows every frame.
 */

const FINAL = {
  4400: "The server does not understand this client.",
  4401: "Join again for a new address.",
  4403: "You are not in this class any more.",
  4404: "The room is gone.",
};
const FLOOD = 4429;
const SEND_AGAIN = ["chat:rate:slow-down", "unavailable"];

export class Talk extends EventTarget {
  messages = new Map(); // by id, as they are now
  unsent = new Map(); // by client_id, until an answer names it
  seq = 0; // everything up to here is known
  catchingUp = false;

  constructor(address) {
    super();
    this.address = address;
    this.pause = 1000;
    this.beat = setInterval(() => this.send({ type: "ping" }, ...this.unsent.values()), 20000);
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(this.address);
    this.socket.onmessage = ({ data }) => {
      this.pause = 1000;
      [JSON.parse(data)].flat().forEach((frame) => this.take(frame)); // one frame, or an array of them
    };
    this.socket.onclose = ({ code }) => this.dropped(code);
  }

  dropped(code) {
    this.catchingUp = false;
    if (FINAL[code]) {
      clearInterval(this.beat);
      this.dispatchEvent(new CustomEvent("end", { detail: FINAL[code] }));
      return;
    }
    setTimeout(() => this.connect(), Math.max(this.pause, code === FLOOD ? 10000 : 0) * (1 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, 30000);
  }

  take(frame) {
    if (frame.type === "welcome") {
      if (this.seq === 0) {
        this.apply(frame.history, frame.seq);
      } else if (frame.seq > this.seq) {
        this.ask();
      }
      this.send(...this.unsent.values());
    } else if (frame.type === "refetch") {
      this.ask();
    } else if (frame.type === "resynced") {
      if (frame.fresh) {
        this.messages.clear();
      }
      this.catchingUp = false;
      this.apply(frame.events, frame.seq);
    } else if (["chat_message", "message_deleted", "message_restored"].includes(frame.type)) {
      this.apply([frame], frame.seq);
    } else if (["error", "message_held"].includes(frame.type) && !SEND_AGAIN.includes(frame.code)) {
      this.unsent.delete(frame.client_id);
      this.dispatchEvent(new CustomEvent("refused", { detail: frame }));
    }
  }

  apply(events, seq) {
    for (const event of events) {
      const known = this.messages.get(event.id);
      if (event.type === "chat_message") {
        this.unsent.delete(event.client_id);
        if (!known) {
          this.messages.set(event.id, event); // a copy brings nothing new
        }
      } else if (known) {
        Object.assign(known, { message: event.message ?? "", deleted: event.type === "message_deleted" });
      }
    }
    if (!this.catchingUp) {
      this.seq = Math.max(this.seq, seq); // what comes before the answer does not count
    }
    this.dispatchEvent(new Event("change"));
  }

  ask() {
    this.catchingUp = true;
    this.send({ type: "resync", after: this.seq });
  }

  say(message) {
    const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
    this.unsent.set(id, { type: "chat_message", message, client_id: id });
    this.send(this.unsent.get(id));
  }

  /** What does not leave now goes out after the next welcome. */
  send(...frames) {
    if (this.socket.readyState === WebSocket.OPEN) {
      frames.forEach((frame) => this.socket.send(JSON.stringify(frame)));
    }
  }
}

if (globalThis.process?.argv?.[1]?.endsWith("chat_client.js")) {
  const talk = new Talk(process.argv[2]);
  const shown = new Set();
  talk.addEventListener("change", () => {
    const fresh = [...talk.messages.values()].filter(({ id }) => !shown.has(id));
    fresh.forEach(({ id, username, message }) => shown.add(id) && console.log(`${username}: ${message}`));
  });
  talk.addEventListener("end", ({ detail }) => process.exit(console.log(detail) ?? 0));
  talk.addEventListener("refused", ({ detail }) => console.log(`(${detail.message})`));
  const { createInterface } = await import("node:readline");
  createInterface({ input: process.stdin }).on("line", (line) => talk.say(line));
}
