/** What the signalling socket carries, as docs/webrtc.md says. */

declare namespace Signal {
  interface Limits {
    video_bitrate?: number;
    audio_bitrate?: number;
    width?: number;
    height?: number;
    fps?: number;
  }

  interface Hello {
    type: "hello";
    role: "publisher" | "viewer";
    ice_servers?: RTCIceServer[];
    ice_expires_at?: number;
    ready: boolean;
    mode: "broadcast" | "interactive";
    limits?: Limits;
    server_time: number;
  }

  interface Description {
    sid: string;
    sdp: string;
  }

  interface Refusal {
    type: "error";
    code: string;
    message: string;
    /** The type of the frame that was refused. */
    for?: string;
    sid?: string;
    /** Seconds. */
    retry_after?: number;
  }

  interface Bridge {
    type: "bridge";
    state: "starting" | "running" | "failed" | "ended";
    code: string;
    words: string;
  }

  interface Frames {
    hello: Hello;
    answer: Description;
    offer: Description;
    candidate: { sid: string; candidate: RTCIceCandidateInit | null };
    up: { sid: string };
    media: { sid: string; kind: "audio" | "video"; receiving: boolean };
    slowlink: { sid: string; uplink: boolean; lost: number };
    ready: object;
    gone: object;
    reconnect: { sid: string; reason: string };
    bridge: Bridge;
    mode: { mode: Hello["mode"] };
    error: Refusal;
    pong: { at: number };
  }

  /** What a client sends. */
  type Command =
    | { type: "publish"; sdp: string }
    | { type: "subscribe" }
    | ({ type: "answer" } & Description)
    | { type: "candidate"; sid: string; candidate: RTCIceCandidateInit | null }
    | { type: "restart"; sid: string; sdp?: string }
    | { type: "state"; sid: string; state: RTCPeerConnectionState }
    | { type: "leave"; sid: string }
    | { type: "ping"; at: number };
}
