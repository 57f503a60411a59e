/** What the camera page asks of the API. */

import { post } from "../lib/api.js";

export class StreamApi {
  constructor({ api, streamId, roomId }) {
    this.api = api;
    this.session = `${api}/sessions/${streamId}`;
    this.roomId = roomId;
  }

  /** start, end: see POST .../sessions/<id>/<name>. */
  act(name) {
    return post(`${this.session}/${name}`);
  }

  /** Lets this device replace the one that is on air. That it has gone by itself is no fault. */
  async takeOver() {
    try {
      await this.act("take-over");
    } catch (error) {
      if (error.status !== 409) {
        throw error;
      }
    }
  }

  /** Addresses with a fresh token in them: { chat_url, webrtc_url }. `role`: viewer or publisher. */
  token(role) {
    return post(`${this.api}/token`, { room_id: this.roomId, role });
  }
}
