"""The welcome: the room as it stands, encoded once for all who come in the same moment, and what is personal."""

from chat.desk import Desk
from chat.handlers import Snapshot
from chat.member import Member, Visitor
from chat.outgoing import Outgoing
from chat.protocol import Presence, WelcomeToAll, WelcomeToYou, encode, spliced
from fitfriends.core import clock

_NOBODY = Presence(type="presence", viewer_count=0, people=[])


class Greeting:
    """Fifty messages of history take longer to encode than all else that a connection costs."""

    def __init__(self, room_id: str) -> None:
        self._room_id = room_id
        self._made_of: tuple[object, ...] = ()
        self._to_all = ""

    def give(self, member: Member, snapshot: Snapshot, presence: Presence | None, desk: Desk) -> None:
        """The welcome, and what only those who keep order are told besides."""
        member.offer(self.make(member.visitor, snapshot, presence, desk))
        for news in desk.greeting(member.visitor):
            member.say(news)

    def make(self, visitor: Visitor, snapshot: Snapshot, presence: Presence | None, desk: Desk) -> Outgoing:
        made_of = (snapshot, presence, desk.settings, desk.pinned)
        if not self._made_of or any(a is not b for a, b in zip(self._made_of, made_of, strict=True)):
            self._made_of = made_of
            self._to_all = encode(self._for_all(snapshot, presence or _NOBODY, desk))
        return Outgoing(spliced(encode(_for_one(visitor, snapshot, desk)), self._to_all))

    def _for_all(self, snapshot: Snapshot, presence: Presence, desk: Desk) -> WelcomeToAll:
        return {
            "room_id": self._room_id,
            "viewer_count": presence["viewer_count"],
            "people": presence["people"],
            "history": snapshot.history,
            "settings": desk.settings,
            "pinned": desk.pinned,
            "seq": snapshot.seq,
        }


def _for_one(visitor: Visitor, snapshot: Snapshot, desk: Desk) -> WelcomeToYou:
    return {
        "type": "welcome",
        "you": visitor.person,
        "stream": snapshot.state.staff if visitor.runs else snapshot.state.member,
        "timed_out_until": desk.timeouts.get(visitor.user_id),
        "server_time": clock.to_ms(clock.now()),
    }
