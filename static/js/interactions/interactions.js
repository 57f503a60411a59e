/** Reactions, polls, questions and hands: gives each part its frames, and asks for the reader's own votes. */

import { get } from "../lib/api.js";
import { maybe, say } from "../lib/dom.js";
import { moderates } from "../lib/roles.js";
import { Hands } from "./hands.js";
import { PollCard } from "./poll.js";
import { Questions } from "./questions.js";
import { Reactions } from "./reactions.js";

// When a room of a thousand reconnects, not everybody may ask for their votes at once.
const ASK_WITHIN = 3000;
const CHEERED_FOR = 6000;

/** @typedef {{ polls: { id: number, your_vote: number | null }[] }} PollsReply */
/** @typedef {{ questions: { id: number, your_vote: boolean }[] }} QuestionsReply */

export class Interactions {
  /**
   * @param {HTMLElement} root
   * @param {Room.Send} send
   * @param {() => number | null} mediaTime the moment of the class on the screen
   */
  constructor(root, send, mediaTime = () => null) {
    this.root = root;
    this.send = send;
    this.mediaTime = mediaTime;
    this.reactions = new Reactions(root, send, mediaTime);
    this.poll = new PollCard(root, send);
    this.hands = new Hands(root, send);
    this.questions = new Questions(root, send);
  }

  /**
   * A high five.
   * @param {number} userId
   */
  cheer(userId) {
    this.send({ type: "cheer", user_id: userId, media_time: this.mediaTime() });
  }

  /**
   * Takes a frame; true when it was one of ours alone.
   * @param {Room.Frame} frame
   */
  take(frame) {
    switch (frame.type) {
      case "welcome":
        this.#welcome(frame);
        return false;
      case "reactions":
        this.reactions.show(frame);
        return true;
      case "cheers_for_you":
        this.#cheered(frame);
        return true;
      case "poll":
        this.poll.show(frame.poll);
        return true;
      case "voted":
        this.poll.choose(frame.id, frame.option);
        return true;
      case "questions":
        this.questions.show(frame);
        return true;
      case "question_voted":
        this.questions.voted(frame.id, frame.voted);
        return true;
      case "question_asked":
        this.questions.asked(frame);
        return true;
      case "hands":
        this.hands.show(frame);
        return true;
      case "error":
        return this.questions.refused(frame);
      default:
        return false;
    }
  }

  /** @param {Room.Welcome} frame */
  #welcome(frame) {
    const { you, room_id: room, floor: state } = frame;
    const moderator = moderates(you.role);
    this.reactions.me = you.user_id;
    this.poll.welcome(state.poll, moderator);
    this.questions.welcome(state, you, moderator);
    this.hands.welcome({ ...frame, hands: state.hands }, moderator);
    clearTimeout(this.asking);
    if (state.poll?.open || state.questions.length > 0) {
      this.asking = setTimeout(() => this.#askForOwn(room, state), Math.random() * ASK_WITHIN);
    }
  }

  /**
   * Asks for the reader's own votes, which are not in the welcome.
   * @param {string} room
   * @param {Room.Welcome["floor"]} state
   */
  async #askForOwn(room, state) {
    const base = `/api/chat/rooms/${encodeURIComponent(room)}`;
    if (state.poll?.open) {
      const { polls } = await /** @type {Promise<PollsReply>} */ (get(`${base}/polls`)).catch(() => ({ polls: [] }));
      for (const { id, your_vote: vote } of polls) {
        if (vote !== null) {
          this.poll.choose(id, vote);
        }
      }
    }
    if (state.questions.length > 0) {
      const asked = /** @type {Promise<QuestionsReply>} */ (get(`${base}/questions`));
      const { questions } = await asked.catch(() => ({ questions: [] }));
      for (const { id, your_vote: vote } of questions) {
        this.questions.voted(id, vote);
      }
    }
  }

  /** @param {Room.Cheered} frame */
  #cheered({ names, count }) {
    const note = maybe(this.root, "[data-cheered]");
    if (!note) {
      return;
    }
    const rest = count - names.length;
    note.hidden = false;
    say(
      note,
      `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""} ${count > 1 ? "cheer" : "cheers"} you. High five!`,
    );
    clearTimeout(this.cheering);
    this.cheering = setTimeout(() => {
      note.hidden = true;
      say(note, "");
    }, CHEERED_FOR);
  }
}
