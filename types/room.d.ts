/** What the room's socket carries, as docs/websocket.md says. */

declare namespace Room {
  type Role = "instructor" | "owner" | "operator" | "moderator" | "member";
  type StreamState = "scheduled" | "preview" | "starting" | "live" | "interrupted" | "ended";

  interface Person {
    user_id: number;
    username: string;
    role: Role;
  }

  interface Stream {
    id: number;
    room_id: string;
    state: StreamState;
    title: string;
    mode: "broadcast" | "interactive";
    started_at: string | null;
    ended_at: string | null;
    reconnect_until: string | null;
    picture: boolean;
    end_reason: string | null;
  }

  interface Settings {
    slow_seconds: number;
    established_days: number;
    links: boolean;
    emoji_only: boolean;
    frozen: boolean;
    delay_seconds: number;
  }

  interface Message {
    type: "chat_message";
    id: number;
    seq: number;
    /** Null when the account is gone. */
    user_id: number | null;
    username: string;
    role: Role;
    message: string;
    timestamp: number;
    media_time: number | null;
    client_id?: string | null;
    deleted: boolean;
  }

  interface MessageDeleted {
    type: "message_deleted";
    id: number;
    seq: number;
  }

  interface MessageRestored {
    type: "message_restored";
    id: number;
    seq: number;
    message: string;
  }

  interface Held {
    type: "message_held";
    id: number;
    message: string;
    timestamp: number;
    client_id: string;
    due_at: number | null;
  }

  interface Rejected {
    type: "message_rejected";
    id: number;
    client_id: string;
  }

  interface PollState {
    id: number;
    question: string;
    options: { text: string; votes: number }[];
    voters: number;
    open: boolean;
    opened_by: string;
    opened_at: number;
    closed_at: number | null;
  }

  interface Question {
    id: number;
    user_id: number | null;
    username: string;
    role: Role;
    question: string;
    votes: number;
    state: "open" | "answered" | "dismissed";
    asked_at: number;
  }

  interface QuestionList {
    questions: Question[];
    open_questions: number;
  }

  interface HandState {
    hands: number;
    hand_up: boolean;
    people_with_hands: { user_id: number; username: string; raised_at: number }[];
  }

  interface Cheer {
    user_id: number;
    username: string;
    to_user_id: number;
    to_username: string;
  }

  interface Reactions {
    type: "reactions";
    counts: Record<string, number>;
    cheers: Cheer[];
    more: number;
  }

  interface Cheered {
    type: "cheers_for_you";
    names: string[];
    count: number;
  }

  interface Presence {
    viewer_count: number;
    people: Person[];
  }

  interface Welcome extends Presence {
    type: "welcome";
    room_id: string;
    you: Person;
    stream: Stream;
    history: Message[];
    settings: Settings;
    pinned: Message | null;
    timed_out_until: number | null;
    /** What goes on beside the chat. */
    floor: QuestionList & { poll: PollState | null; hands: number };
    hand_up: boolean;
    people_with_hands: HandState["people_with_hands"];
    seq: number;
    server_time: number;
  }

  interface Refusal {
    type: "error";
    code: string;
    message: string;
    client_id?: string | null;
    until?: number | null;
  }

  interface Resynced {
    type: "resynced";
    events: (Message | MessageDeleted | MessageRestored)[];
    seq: number;
    fresh: boolean;
  }

  type Frame =
    | Welcome
    | Message
    | MessageDeleted
    | MessageRestored
    | Held
    | Rejected
    | Reactions
    | Cheered
    | Resynced
    | Refusal
    | ({ type: "presence" } & Presence)
    | { type: "stream_state"; stream: Stream }
    | { type: "room_settings"; settings: Settings }
    | { type: "pinned"; message: Message | null }
    | { type: "timed_out"; until: number | null }
    | { type: "held_waiting"; count?: number; newest?: number | null }
    | { type: "rules_accepted"; version: number }
    | { type: "poll"; poll: PollState | null }
    | { type: "voted"; id: number; option: number }
    | ({ type: "questions" } & QuestionList)
    | { type: "question_voted"; id: number; voted: boolean }
    | { type: "question_asked"; question: Question; client_id: string }
    | ({ type: "hands" } & HandState)
    | { type: "refetch" }
    | { type: "pong"; server_time: number };

  interface Draft {
    type: "chat_message";
    message: string;
    client_id: string;
    media_time?: number | null;
  }

  interface Ask {
    type: "ask";
    question: string;
    client_id: string;
  }

  type SettingsChange = { [Name in keyof Settings]?: Settings[Name] | null };

  /** What a reader sends. */
  type Command =
    | Draft
    | Ask
    | { type: "ping" }
    | { type: "resync"; after: number }
    | { type: "delete_message" | "restore_message" | "pin_message"; id: number }
    | { type: "unpin_message" }
    | { type: "moderate"; action: string; user_id: number | null; reason: string; minutes?: number }
    | ({ type: "change_settings" } & SettingsChange)
    | { type: "react"; reaction: string; media_time: number | null }
    | { type: "cheer"; user_id: number; media_time: number | null }
    | { type: "open_poll"; question: string; options: string[] }
    | { type: "close_poll"; id: number }
    | { type: "vote"; id: number; option: number }
    | { type: "raise_hand" }
    | { type: "lower_hand"; user_id?: number }
    | { type: "vote_question"; id: number; voted: boolean }
    | { type: "mark_question"; id: number; state: Question["state"] };

  /** False when the line is down: the caller keeps what it wanted to say. */
  type Send = (frame: Command) => boolean;
}
