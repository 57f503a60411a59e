"""The frames of /ws/me. The server speaks, the page listens."""

from typing import Literal, TypedDict


class NotificationFrame(TypedDict):
    type: Literal["notification"]
    id: int
    kind: str
    title: str
    body: str
    url: str
    created_at: str


class UnreadFrame(TypedDict):
    type: Literal["unread"]
    count: int


type Frame = NotificationFrame | UnreadFrame
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_FLOOD = 4429
