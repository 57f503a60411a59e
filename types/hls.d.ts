/** The part of hls.js that we use; the library itself is vendored without its types. */

declare namespace HlsJs {
  interface Level {
    width: number;
    height: number;
    bitrate: number;
    videoCodec?: string;
  }

  interface Part {
    start: number;
    independent: boolean;
  }

  interface LevelDetails {
    fragmentStart: number;
    partEnd: number;
    partHoldBack: number;
    partList: Part[] | null;
  }

  interface Details {
    ERROR: { type: string; details: string; fatal: boolean; response?: { code: number } };
    FRAG_CHANGED: { frag: { cc: number } };
    LEVEL_UPDATED: { details: LevelDetails };
    MANIFEST_PARSED: { levels: Level[] };
    FRAG_LOADING: object;
    FRAG_LOADED: object;
    FRAG_BUFFERED: object;
    BUFFER_APPENDED: object;
    DESTROYING: object;
  }

  /** Names of events by their constants; a name keeps the type of its details. */
  type EventNames = { readonly [Name in keyof Details]: Name };

  interface Player {
    config: { maxLiveSyncPlaybackRate: number };
    levels: Level[];
    nextLevel: number;
    latency: number;
    liveSyncPosition: number | null;
    playingDate: Date | null;
    targetLatency: number | null;
    latestLevelDetails: LevelDetails | null;
    on<Name extends keyof Details>(event: Name, heard: (event: Name, details: Details[Name]) => void): void;
    loadSource(address: string): void;
    attachMedia(video: HTMLVideoElement): void;
    stopLoad(): void;
    recoverMediaError(): void;
    destroy(): void;
  }

  interface Library {
    new (settings: object): Player;
    isSupported(): boolean;
    Events: EventNames;
    ErrorDetails: { BUFFER_STALLED_ERROR: string };
    ErrorTypes: { MEDIA_ERROR: string };
  }
}
