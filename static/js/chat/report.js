/** Reporting a message or its writer to those who moderate in the club. */

import { apiError, post } from "../lib/api.js";
import { find, say } from "../lib/dom.js";

export class Report {
  address = "";
  /** @type {{ id?: number, userId?: number | null }} what the dialog is about */
  message = {};

  /**
   * @param {HTMLElement} root the chat
   * @param {(words: string) => void} done takes what to say when it is sent
   */
  constructor(root, done) {
    this.dialog = find(root, "[data-report]", HTMLDialogElement);
    this.form = find(this.dialog, "[data-report-form]", HTMLFormElement);
    this.fault = find(this.dialog, "[data-report-fault]");
    this.what = find(this.form, "[name=what]", HTMLSelectElement);
    this.why = find(this.form, "[name=why]", HTMLSelectElement);
    this.words = find(this.form, "[name=words]", HTMLTextAreaElement);
    this.done = done;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    find(this.dialog, "[data-report-close]").addEventListener("click", () => this.dialog.close());
  }

  /** @param {Room.Welcome} frame */
  welcome({ room_id: roomId }) {
    this.address = `/api/chat/rooms/${roomId}/reports`;
  }

  /**
   * @param {import("./message-row.js").Shown} message
   * @param {string} words
   */
  open({ id, user_id: userId, username }, words) {
    this.message = { id, userId };
    this.form.reset();
    this.fault.hidden = true;
    this.what.closest(".field")?.toggleAttribute("hidden", !userId); // the account is gone
    say(find(this.dialog, "[data-report-name]"), username);
    say(find(this.dialog, "[data-report-words]"), words);
    this.dialog.showModal();
  }

  async #send() {
    const { id, userId } = this.message;
    const about = this.what.value === "person" ? { user_id: userId } : { message_id: id };
    try {
      await post(this.address, { ...about, why: this.why.value, words: this.words.value.trim() });
      this.dialog.close();
      this.done("Thank you. The moderators of the club look at it, and we tell you what came of it.");
    } catch (error) {
      this.fault.hidden = false;
      say(this.fault, apiError(error).message);
    }
  }
}
