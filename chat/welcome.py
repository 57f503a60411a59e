"""The first frame of a socket: the room as it stands."""

from chat.desk import Desk
from chat.handlers import Snapshot
from chat.member import Visitor
from chat.protocol import Presence, Welcome
from fitfriends.core import clock


def welcome(visitor: Visitor, snapshot: Snapshot, presence: Presence | None, desk: Desk) -> Welcome:
    """Counts nobody until the room has been counted."""
    return {
        "type": "welcome",
        "room_id": visitor.room_id,
        "you": visitor.person,
        "stream": snapshot.state.staff if visitor.runs else snapshot.state.member,
        "viewer_count": presence["viewer_count"] if presence else 0,
        "people": presence["people"] if presence else [],
        "history": snapshot.history,
        "settings": desk.settings,
        "pinned": desk.pinned,
        "timed_out_until": desk.timeouts.get(visitor.user_id),
        "seq": snapshot.seq,
        "server_time": clock.to_ms(clock.now()),
    }
