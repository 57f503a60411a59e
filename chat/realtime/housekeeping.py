"""Periodic work of the hub, once a second: counting, refreshing presence, and repairing what lost notes left out."""

from __future__ import annotations

import asyncio
import logging
from itertools import batched
from typing import TYPE_CHECKING

import redis
from django.db import DatabaseError

from chat.domain import broadcast, room_state
from chat.errors import NoSuchRoom
from chat.frames.registry import Close
from chat.frames.room import Presence
from chat.interactions import snapshot as interactions_snapshot
from chat.limits import PEOPLE
from chat.realtime import handlers
from chat.realtime.connection import Connection
from chat.realtime.room import HubRoom
from chat.threads import in_thread
from fitfriends.core import clock
from streaming.domain.watching import presence

if TYPE_CHECKING:
    from chat.realtime.hub import RoomHub

log = logging.getLogger(__name__)

ROUND_SECONDS = 1.0  # presence changes are told at most this often
# In rounds:
COUNT_ALL = 5  # bare players come and go without a word
SIGN_OF_LIFE = 10
COMPARE_HEADS = 15  # a note that got lost is made up for within this
RECHECK_RIGHTS = 300  # a removal that got lost ends the socket within this
RECHECKS_A_ROUND = 500
SIGNS_AT_ONCE = 200
FORGET_EMPTY_SECONDS = 30.0

_load_heads = in_thread(room_state.load_heads)
_load_interactions = in_thread(interactions_snapshot.load_many)
_load_people = in_thread(handlers.load_people)
_load_entitled = in_thread(handlers.load_entitled)
_release_due = in_thread(handlers.release_due)
_tell_others = in_thread(broadcast.presence_changed)


async def run(hub: RoomHub) -> None:
    """Runs for ever. A database or Redis that does not answer only delays it."""
    number = 0
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        number += 1
        try:
            await _round(hub, number)
        except (redis.RedisError, DatabaseError, OSError):
            log.warning("A round of the room hub was cut short.", exc_info=True)


async def _round(hub: RoomHub, number: int) -> None:
    rooms = list(hub.rooms.values())
    if number % COMPARE_HEADS == 0:
        await _compare_heads(rooms)  # first: it must not wait for Redis, which may be what lost the notes
    await _release_delayed(rooms)
    if number % SIGN_OF_LIFE == 0:
        await _refresh_presence(rooms)
    for room in rooms:
        if room.presence_stale or number % COUNT_ALL == 0:
            await count(room)
    if number % COMPARE_HEADS == 0:
        await _compare_interactions(rooms)
    await _recheck_rights(rooms, number)
    now = asyncio.get_running_loop().time()
    for room in rooms:
        if room.empty and now - room.empty_since > FORGET_EMPTY_SECONDS:
            await hub.forget(room)


async def _release_delayed(rooms: list[HubRoom]) -> None:
    """Every process with readers tries; the database releases each message once, in the order of sending."""
    now = clock.to_ms(clock.now())
    for room in rooms:
        due = room.settings_cache.next_due
        if due is not None and due <= now:
            await _release_due(room.room_id)


async def count(room: HubRoom) -> None:
    """Counts who is here and tells this process's readers when that changed.

    When somebody came or went in this process, the other processes are told to count as well.
    """
    moved, room.presence_stale, room.moved = room.moved, False, False
    if room.empty and not moved:
        return
    glance = await presence.aglance(room.room_id, limit=PEOPLE)
    unknown = [present.user_id for present in glance.people if present.user_id not in room.people]
    if unknown:
        room.people.update(await _load_people(room.room_id, unknown))
    people = [room.people[present.user_id] for present in glance.people if present.user_id in room.people]
    room.take_presence(Presence(viewer_count=glance.viewer_count, people=people))
    if moved:
        await _tell_others(room.room_id)


async def _refresh_presence(rooms: list[HubRoom]) -> None:
    for room in rooms:
        if room.state is None or room.state.ended:
            continue
        here = [connection for connection in room if not connection.is_closing()]
        for part in batched(here, SIGNS_AT_ONCE):
            signs = [
                (connection.participant.user_id, connection.conn_id, connection.participant.runs)
                for connection in part
            ]
            await presence.asockets_seen(room.room_id, signs)


async def seen(room: HubRoom, connection: Connection) -> None:
    """Refreshes the presence of one connection. After the end nobody counts, although sockets stay for a while."""
    if room.state is None or room.state.ended or connection.is_closing():
        return
    participant = connection.participant
    await presence.asocket_seen(participant.room_id, participant.user_id, connection.conn_id, runs=participant.runs)


async def gone(connection: Connection) -> None:
    participant = connection.participant
    await presence.asocket_gone(participant.room_id, participant.user_id, connection.conn_id, runs=participant.runs)


async def _compare_heads(rooms: list[HubRoom]) -> None:
    found = await _load_heads([room.room_id for room in rooms if not room.empty])
    for room in rooms:
        head = found.get(room.room_id)
        if head:
            room.take_head(head)


async def _compare_interactions(rooms: list[HubRoom]) -> None:
    looks = {room.room_id: room.interactions.looks for room in rooms if not room.empty}
    found = await _load_interactions(looks)
    for room in rooms:
        if room.room_id in found:
            room.interactions.compare(found[room.room_id], looks=looks[room.room_id])


async def _recheck_rights(rooms: list[HubRoom], number: int) -> None:
    """Checks new connections in their first round and all others again after a while, a few queries a room."""
    for room in rooms:
        due = [
            connection
            for connection in room
            if not connection.checked or number - connection.checked >= RECHECK_RIGHTS
        ]
        for part in batched(due[:RECHECKS_A_ROUND], SIGNS_AT_ONCE):
            await _recheck(room, part, number)


async def _recheck(room: HubRoom, connections: tuple[Connection, ...], number: int) -> None:
    try:
        entitled = await _load_entitled(room.room_id, {connection.participant.user_id for connection in connections})
    except NoSuchRoom:
        for connection in connections:
            connection.close(Close.UNKNOWN_ROOM)
        return
    for connection in connections:
        connection.checked = number
        if connection.participant.user_id not in entitled:
            connection.close(Close.FORBIDDEN)
