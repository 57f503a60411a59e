/** What this site adds to the browser's own types, and what newer browsers have that the library does not know. */

interface HTMLVideoElement {
  /** For media-chrome's menu of qualities; see player/renditions.js. */
  videoRenditions?: EventTarget & { selectedIndex: number };
  /** Safari alone. */
  getStartDate?(): Date;
}

interface DocumentEventMap {
  "ffc:notification": CustomEvent<Page.Notification>;
}

declare namespace Page {
  interface Notification {
    type: "notification";
    title: string;
    body: string;
    url: string;
  }
}
