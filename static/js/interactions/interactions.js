/** What goes on beside the chat: hands the room's frames to its parts, and remembers what is the reader's own. */

import { get } from "../lib/api.js";
import { say } from "../lib/dom.js";
import { Hands } from "./hands.js";
import { moderates } from "../lib/roles.js";
import { PollCard } from "./poll.js";
import { Questions } from "./questions.js";
import { Reactions } from "./reactions.js";

// A room of a thousand that comes back must not ask for its own votes in one moment.
const ASK_WITHIN = 3000;
const CHEERED_FOR = 6000;

export class Interactions {
  /** `send(frame)`: to the room; false when the line is down. `mediaTime()`: the moment of the class on the screen, or null. */
  constructor(root, send, mediaTime = () => null) {
    this.root = root;
    this.reactions = new Reactions(root, send, mediaTime);
    this.poll = new PollCard(root, send);
    this.hands = new Hands(root, send);
    this.questions = new Questions(root, send);
    this.cheer = (userId) => send({ type: "cheer", user_id: userId, media_time: mediaTime() });
  }

  /** Takes a frame; true when it was one of ours alone. */
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

  /** What one voted before is nobody else's and not in the welcome. */
  async #askForOwn(room, state) {
    const base = `/api/chat/rooms/${encodeURIComponent(room)}`;
    const nothing = { polls: [], questions: [] };
    if (state.poll?.open) {
      const { polls } = await get(`${base}/polls`).catch(() => nothing);
      polls.filter((poll) => poll.your_vote !== null).forEach((poll) => this.poll.choose(poll.id, poll.your_vote));
    }
    if (state.questions.length > 0) {
      const { questions } = await get(`${base}/questions`).catch(() => nothing);
      questions.forEach((question) => this.questions.voted(question.id, question.your_vote));
    }
  }

  #cheered({ names, count }) {
    const note = this.root.querySelector("[data-cheered]");
    if (!note) {
      return;
    }
    const rest = count - names.length;
    note.hidden = false;
    say(note, `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""} ${count > 1 ? "cheer" : "cheers"} you. High five!`);
    clearTimeout(this.cheering);
    this.cheering = setTimeout(() => {
      note.hidden = true;
      say(note, "");
    }, CHEERED_FOR);
  }
}
