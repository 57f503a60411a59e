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


async def walk(house: SignallingHub) -> None:
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
                    await part(house)
                except (redis.RedisError, DatabaseError, OSError):
                    log.warning("A round of signalling was cut short.", exc_info=True)
                except Exception:
                    # Without its rounds a process would keep people's pictures for hours after their rights ended.
                    log.exception("A round of signalling failed; going on.")


async def _revoked(house: SignallingHub) -> None:
    await house.known.refresh()
    for desk in house:
        refused = [line for line in desk if house.refuses(line.token)]
        if refused:
            await _look_at([desk])  # an end revokes everybody, and is told as an end
        for line in refused:
            line.close(Close.FORBIDDEN)


async def _classes(house: SignallingHub) -> None:
    await _look_at(list(house))
    for desk in house:
        if desk.members_must_go and not desk.facts.interactive:
            await _send_away(house, desk)
        elif desk.members_must_go:
            desk.moving_since = None


async def _look_at(desks: list[SignallingRoom]) -> None:
    found = await _facts_of([desk.room_id for desk in desks])
    for desk in desks:
        if desk.room_id in found:
            desk.learn(found[desk.room_id])


async def _send_away(house: SignallingHub, desk: SignallingRoom) -> None:
    for line in desk:
        if line.watches and not line.token.runs:
            await line.end_viewers(errors.NotInteractive())
            await house.absent(line)


async def _rights(house: SignallingHub) -> None:
    for desk in house:
        held = await _class_roles(desk.room_id, {line.token.user_id for line in desk})
        for line in desk:
            class_role = held.get(line.token.user_id)
            if class_role is None or (line.publishes and not class_role.broadcasts):
                line.close(Close.FORBIDDEN)
                continue
            if line.watches:
                await _heard(desk, line)
            if line.refused_since is not None and _now() - line.refused_since >= REFUSED_SECONDS:
                await line.publish_anew()


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _heard(desk: SignallingRoom, line: SignallingSession) -> None:
    """Keeps the seat and counts the minutes, as nginx's questions do for players of HLS."""
    token = line.token
    if token.runs:
        return
    if (token.room_id, token.user_id) in verdicts.gate.lost_slots:
        await line.end_viewers(stream_errors.Full())
        return
    if verdicts.gate.kept:
        verdicts.gate.buffer.add(
            PlaybackToken(
                room_id=token.room_id,
                user_id=token.user_id,
                stream_id=desk.facts.stream_id,
                issued=token.issued,
                expires=token.expires,
                site=True,
                device_slot=device_slots.NO_SLOT,
            )
        )


async def _signs(house: SignallingHub) -> None:
    for desk in house:
        for line in desk:
            if line.peers and not line.is_closing:
                await house.present(line)
