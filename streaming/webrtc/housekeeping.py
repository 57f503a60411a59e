"""What is looked at unasked: rights that ended, how classes stand, and signs of life of those who watch.

A round that fails for a part that does not answer is made up for by the next one; what is known stays known.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import redis
from django.db import DatabaseError

from streaming import errors as stream_errors
from streaming.domain.tokens.signing import PlaybackToken
from streaming.domain.watching import device_slots, verdicts
from streaming.webrtc import access, errors
from streaming.webrtc.frames import Close
from streaming.webrtc.threads import in_thread

if TYPE_CHECKING:
    from streaming.webrtc.hub import SignallingHub
    from streaming.webrtc.room import SignallingRoom
    from streaming.webrtc.session import SignallingSession

log = logging.getLogger(__name__)

ROUND_SECONDS = 0.5
# In rounds:
LOOK_AT_CLASSES = 2
LOOK_AT_RIGHTS = 4  # a removal that nobody told of ends the peer within this
SIGN_OF_LIFE = 10
# The ingest holds the connection of a bridge that was killed for ten seconds; refused for longer has another reason.
REFUSED_SECONDS = 12.0

_facts_of = in_thread(access.facts_of)
_class_roles = in_thread(access.class_roles)


async def run(hub: SignallingHub) -> None:
    """Never ends."""
    number = 0
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        number += 1
        for due, part in (
            (1, _revoked),
            (LOOK_AT_CLASSES, _classes),
            (LOOK_AT_RIGHTS, _rights),
            (SIGN_OF_LIFE, _signs),
        ):
            if number % due == 0:
                try:
                    await part(hub)
                except (redis.RedisError, DatabaseError, OSError):
                    log.warning("A round of signalling was cut short.", exc_info=True)
                except Exception:
                    # Without its rounds a process would keep people's pictures for hours after their rights ended.
                    log.exception("A round of signalling failed; going on.")


async def _revoked(hub: SignallingHub) -> None:
    await hub.known.refresh()
    for room in hub:
        refused = [session for session in room if hub.refuses(session.token)]
        if refused:
            await _look_at([room])  # an end revokes everybody, and is told as an end
        for session in refused:
            session.close(Close.FORBIDDEN)


async def _classes(hub: SignallingHub) -> None:
    await _look_at(list(hub))
    for room in hub:
        if room.members_must_go and not room.facts.interactive:
            await _send_away(hub, room)
        elif room.members_must_go:
            room.moving_since = None


async def _look_at(rooms: list[SignallingRoom]) -> None:
    found = await _facts_of([room.room_id for room in rooms])
    for room in rooms:
        if room.room_id in found:
            room.learn(found[room.room_id])


async def _send_away(hub: SignallingHub, room: SignallingRoom) -> None:
    for session in room:
        if session.watches and not session.token.runs:
            await session.end_viewers(errors.NotInteractive())
            await hub.absent(session)


async def _rights(hub: SignallingHub) -> None:
    for room in hub:
        held = await _class_roles(room.room_id, {session.token.user_id for session in room})
        for session in room:
            class_role = held.get(session.token.user_id)
            if class_role is None or (session.publishes and not class_role.broadcasts):
                session.close(Close.FORBIDDEN)
                continue
            if session.watches:
                await _heard(room, session)
            if session.refused_since is not None and _now() - session.refused_since >= REFUSED_SECONDS:
                await session.publish_anew()


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _heard(room: SignallingRoom, session: SignallingSession) -> None:
    """Keeps the seat and counts the minutes, as nginx's questions do for players of HLS."""
    token = session.token
    if token.runs:
        return
    if (token.room_id, token.user_id) in verdicts.gate.lost_slots:
        await session.end_viewers(stream_errors.Full())
        return
    if verdicts.gate.kept:
        verdicts.gate.buffer.add(
            PlaybackToken(
                room_id=token.room_id,
                user_id=token.user_id,
                stream_id=room.facts.stream_id,
                issued=token.issued,
                expires=token.expires,
                site=True,
                device_slot=device_slots.NO_SLOT,
            )
        )


async def _signs(hub: SignallingHub) -> None:
    for room in hub:
        for session in room:
            if session.peers and not session.is_closing:
                await hub.present(session)
