"""Admits connections to the rooms of one process without a query for each.

Those that come in the same moment share one look at the revocations and one announcement of their presence.
"""

import contextlib

import redis

from chat.domain.room_state import Snapshot
from chat.realtime import handlers
from chat.realtime.connection import Connection
from chat.realtime.single_flight import SingleFlight
from chat.threads import in_thread
from streaming.domain.tokens import revocations
from streaming.domain.tokens.signing import RoomToken
from streaming.domain.watching import presence

_check_entry = in_thread(handlers.check_entry)


class Admission:
    def __init__(self) -> None:
        self._revoked = revocations.Known()
        self._look = SingleFlight(self._revoked.refresh)
        self._arriving: dict[Connection, None] = {}
        self._announce = SingleFlight(self._announce_arrivals)

    async def check(self, connection: Connection, token: RoomToken, snapshot: Snapshot) -> None:
        """Checks that the token's holder still has the right to be here. Raises NoSuchRoom or NotInRoom.

        The token is minutes old. Rights lost since then stand among the revocations, so the database is asked only
        about people named there, and about everybody while Redis does not answer.
        """
        with contextlib.suppress(redis.RedisError):
            await self._look()
            if not self._revoked.refuses(token.room_id, token.user_id, token.issued):
                return
        await _check_entry(connection.participant, snapshot.stream)

    async def announce(self, connection: Connection) -> None:
        """Makes this connection part of the room's presence. Raises Redis' errors."""
        self._arriving[connection] = None
        await self._announce()

    def forget(self, connection: Connection) -> None:
        """Drops a connection that left before it was announced."""
        self._arriving.pop(connection, None)

    async def _announce_arrivals(self) -> None:
        arriving, self._arriving = self._arriving, {}
        rooms: dict[str, list[tuple[int, str, bool]]] = {}
        for connection in arriving:
            participant = connection.participant
            rooms.setdefault(participant.room_id, []).append(
                (participant.user_id, connection.conn_id, participant.runs)
            )
        for room_id, sockets in rooms.items():
            await presence.asockets_seen(room_id, sockets)
