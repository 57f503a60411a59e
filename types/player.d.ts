/** What every source of a picture has in common: hls.js, the browser's own HLS, and a stream by WebRTC. */

interface PictureSource {
  /** By WebRTC: half a second behind, and without a past. */
  realtime?: boolean;
  /** The oldest second that can be shown, on the video's time line; null while unknown. */
  readonly start: number | null;
  /** Where live would be, on the video's time line; null while unknown. */
  readonly edge: number | null;
  /** Seconds behind the end of the playlist. */
  readonly latency: number;
  /** What `latency` should be. */
  readonly target: number;
  /** Seconds from our server's clock to the picture; 0 while unknown. */
  readonly delay: number;
  /** The moment that the picture shows, in milliseconds since 1970; null while unknown. */
  readonly mediaTime: number | null;
  load(address: string): Promise<void>;
  /** Whether fractions behind live may be brought in by speed. */
  hurry(wanted: boolean): void;
  stop(): void;
}

interface SourceCallbacks {
  /** Once, on 401 and 403. */
  refused(): void;
  /** The picture has to be fetched again. */
  waiting(): void;
  unsupported(): void;
  /** hls.js itself did not arrive. */
  lost(): void;
}
