/** Reporting a message or its writer to those who moderate in the club. */

import { post } from "../lib/api.js";
import { say } from "../lib/dom.js";

export class Report {
  /** `root`: the chat. `done(words)`: what to say when it is sent. */
  constructor(root, done) {
    this.dialog = root.querySelector("[data-report]");
    this.form = this.dialog.querySelector("[data-report-form]");
    this.fault = this.dialog.querySelector("[data-report-fault]");
    this.done = done;
    this.form.addEventListener("submit", (event) => this.#send(event));
    this.dialog.querySelector("[data-report-close]").addEventListener("click", () => this.dialog.close());
  }

  welcome({ room_id: roomId }) {
    this.address = `/api/chat/rooms/${roomId}/reports`;
  }

  open({ id, user_id: userId, username }, words) {
    this.message = { id, userId };
    this.form.reset();
    this.fault.hidden = true;
    this.form.elements.what.closest(".field").hidden = !userId; // the account is gone
    say(this.dialog.querySelector("[data-report-name]"), username);
    say(this.dialog.querySelector("[data-report-words]"), words);
    this.dialog.showModal();
  }

  async #send(event) {
    event.preventDefault();
    const { what, why, words } = this.form.elements;
    const about = what.value === "person" ? { user_id: this.message.userId } : { message_id: this.message.id };
    try {
      await post(this.address, { ...about, why: why.value, words: words.value.trim() });
      this.dialog.close();
      this.done("Thank you. The moderators of the club look at it, and we tell you what came of it.");
    } catch (error) {
      this.fault.hidden = false;
      say(this.fault, error.message);
    }
  }
}
