/** What the camera page asks of the API. */

import { apiError, post } from "../lib/api.js";

export class StreamApi {
  /** @param {DOMStringMap} data of the page's root: data-api, data-stream-id, data-room-id */
  constructor({ api, streamId, roomId }) {
    this.api = api;
    this.session = `${api}/sessions/${streamId}`;
    this.roomId = roomId;
  }

  /**
   * See POST .../sessions/<id>/<name>.
   * @param {"start" | "end" | "take-over"} name
   * @returns {Promise<unknown>}
   */
  act(name) {
    return post(`${this.session}/${name}`);
  }

  /** Lets this device replace the one that is on air. It is no fault when that one has already gone. */
  async takeOver() {
    try {
      await this.act("take-over");
    } catch (error) {
      if (apiError(error).status !== 409) {
        throw error;
      }
    }
  }

  /**
   * Addresses with a fresh token in them.
   * @param {"viewer" | "publisher"} role
   * @returns {Promise<Api.Token>}
   */
  token(role) {
    return post(`${this.api}/token`, { room_id: this.roomId, role });
  }
}
