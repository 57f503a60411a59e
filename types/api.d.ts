/** What the API answers, as far as the pages read it; /api/docs says the rest. */

declare namespace Api {
  interface Fault {
    code: string;
    message: string;
    fields?: Record<string, string[]>;
  }

  interface Token {
    chat_url: string;
    webrtc_url: string;
  }

  interface StreamUrls extends Token {
    hls_url: string;
  }

  interface HeldMessage {
    id: number;
    username: string;
    message: string;
    held_at: string;
    due_at: string | null;
    reasons: string[];
    client_id: string;
    review: string;
  }

  interface HouseRules {
    version: number;
    text: string;
    read: boolean;
  }

  /** How a signal is; numbers are null while nobody knows them. */
  interface Signal {
    width: number | null;
    height: number | null;
    fps: number | null;
    bitrate: number | null;
    keyframe_gap: number | null;
    lost: number;
    missing: number;
    b_frames: boolean | null;
    video_codec: string;
    profile: string;
    audio_codec: string;
    audio_channels: number | null;
    audio_rate: number | null;
    audio_bitrate: number | null;
    level: number | null;
    peak: number;
  }

  interface Diagnosis {
    code: string;
    severity: string;
    message: string;
    cure: string;
  }

  interface Health {
    connected: boolean;
    now: Signal;
    words: Diagnosis[];
    series?: { points: { at: string; bitrate: number }[] } | null;
  }

  interface StreamEvent {
    at: string;
    words: string;
  }
}
