"""A client that follows docs/websocket.md and nothing else: what it knows is what it was sent."""

import itertools
from typing import Any

from chat.limits import HISTORY

type Frame = dict[str, Any]

# What has no number: the last of each counts. By type: what `welcome` calls it, and what the frame does.
STANDS = {
    "stream_state": ("stream", "stream"),
    "room_settings": ("settings", "settings"),
    "pinned": ("pinned", "message"),
    "timed_out": ("timed_out_until", "until"),
}
SEND_AGAIN = ("chat:rate:slow-down", "unavailable")


class Reader:
    """Pure: takes frames, answers with those to send. `lost()` says that the line is down."""

    def __init__(self, name: str = "r") -> None:
        self.messages: dict[int, Frame] = {}
        self.seq = 0  # everything up to here is known
        self.room: Frame = {}  # stream, settings, pinned, timed_out_until: each the last that was heard
        self.unsent: dict[str, Frame] = {}  # by client_id, until the room or a refusal names it
        self.refused: dict[str, str] = {}
        self.catching_up = False
        self.afresh = 0  # how often a gap was too wide
        self._drafts = (f"{name}-{number}" for number in itertools.count())

    def say(self, message: str) -> list[Frame]:
        draft = next(self._drafts)
        self.unsent[draft] = {"type": "chat_message", "message": message, "client_id": draft}
        return [self.unsent[draft]]

    def lost(self) -> None:
        self.catching_up = False

    def view(self) -> Frame:
        """What a fresh reader would see as well."""
        said = sorted(self.messages.values(), key=lambda message: int(message["seq"]))
        return {"seq": self.seq, "messages": said[-HISTORY:], **self.room}

    def take(self, found: Frame | list[Frame]) -> list[Frame]:
        """One text frame of the server: an object or an array of them."""
        return [answer for frame in (found if isinstance(found, list) else [found]) for answer in self._take(frame)]

    def _take(self, frame: Frame) -> list[Frame]:
        match frame["type"]:
            case "welcome":
                return self._welcome(frame)
            case "resynced":
                self._resynced(frame)
            case "refetch":
                self.catching_up = True
                return [{"type": "resync", "after": self.seq}]
            case "chat_message" | "message_deleted" | "message_restored":
                self._apply(frame)
                if not self.catching_up:
                    self.seq = max(self.seq, frame["seq"])
            case kind if kind in STANDS:
                name, field = STANDS[kind]
                self.room[name] = frame[field]
            case "error" if frame["code"] not in SEND_AGAIN and frame["client_id"]:
                self.unsent.pop(frame["client_id"], None)
                self.refused[frame["client_id"]] = frame["code"]
        return []

    def _welcome(self, frame: Frame) -> list[Frame]:
        self.room = {name: frame[name] for name in ("stream", "settings", "pinned", "timed_out_until")}
        if 0 < self.seq < frame["seq"]:
            self.catching_up = True
            return [{"type": "resync", "after": self.seq}, *self.unsent.values()]
        if self.seq == 0:
            for message in frame["history"]:
                self._apply(message)
            self.seq = frame["seq"]
        return list(self.unsent.values())

    def _resynced(self, frame: Frame) -> None:
        if frame["fresh"]:
            self.messages.clear()
            self.afresh += 1
            self.seq = 0
        for event in frame["events"]:
            self._apply(event)
        self.seq = max(self.seq, frame["seq"])
        self.catching_up = False

    def _apply(self, event: Frame) -> None:
        if event["type"] == "chat_message":
            self.messages.setdefault(event["id"], dict(event))  # one that is known changes by frames of their own
            self.unsent.pop(event["client_id"] or "", None)
        elif event["id"] in self.messages:
            words = event.get("message", "")
            self.messages[event["id"]] |= {"message": words, "deleted": event["type"] == "message_deleted"}
