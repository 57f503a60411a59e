"""Nothing is lost and nothing is out of order, whatever the line does: the reader ends where a fresh one begins."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from chat.domain import broadcast, messages, posting, room_state
from chat.enums import Act
from chat.models import Message, Room
from chat.moderation import actions
from chat.realtime import housekeeping
from chat.threads import in_thread
from fitfriends.core.errors import DomainError
from fitfriends.core.frames import plain
from streaming.enums import ClassRole
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter, Socket
from tests.chat.lossy import LossyLine
from tests.chat.reader import Frame, Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

ACTS = 40
SPOKEN = 4  # what one person may say at once


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[random.Random], LossyLine]]:
    opened: list[LossyLine] = []

    def through(chance: random.Random) -> LossyLine:
        opened.append(LossyLine(broadcast.receive, chance))
        monkeypatch.setattr(broadcast, "receive", opened[-1].receive)
        return opened[-1]

    monkeypatch.setattr(housekeeping, "ROUND_SECONDS", 0.1)
    monkeypatch.setattr(housekeeping, "COMPARE_HEADS", 3)
    yield through
    for one in opened:
        await one.stop()


class Life:
    """One person's socket that breaks by a seed and comes back, and the reader that it feeds."""

    def __init__(self, open_socket: Callable[[], Awaitable[Socket]], chance: random.Random) -> None:
        self.reader = Reader()
        self.cuts = 0
        self.calm = False  # no more cuts
        self.changed = asyncio.Event()
        self._open, self._chance = open_socket, chance
        self._socket: Socket | None = None

    async def live(self) -> None:
        while True:
            self._socket = await self._open()
            try:
                async with asyncio.timeout(None if self.calm else self._chance.uniform(0.05, 0.7)):
                    await self._read(self._socket)
            except TimeoutError:
                await self._socket.communicator.send_input({"type": "websocket.disconnect", "code": 1006})
            self._socket = None
            self.reader.lost()
            self.cuts += 1
            await asyncio.sleep(self._chance.uniform(0, 0.3))

    async def _read(self, socket: Socket) -> None:
        while (frame := await socket.take()) is not None:
            await self._send(self.reader.take(frame))
            self.changed.set()

    async def say(self, words: str) -> None:
        await self._send(self.reader.say(words))

    async def _send(self, frames: list[Frame]) -> None:
        for frame in frames:
            if self._socket:
                await self._socket.send(frame)

    async def answered(self) -> None:
        """Waits until the room knows or refused everything that was said; what was too fast is sent again."""
        async with asyncio.timeout(20):
            while self.reader.unsent:
                self.changed.clear()
                try:
                    await asyncio.wait_for(self.changed.wait(), 1)
                except TimeoutError:
                    await self._send(list(self.reader.unsent.values()))

    async def reaches(self, view: Frame) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(15):
                while self.reader.view() != view:
                    self.changed.clear()
                    await self.changed.wait()
        assert self.reader.view() == view


class History:
    """Acts on a room by a seed, each in a thread as the doors do it. What the rules refuse is part of it."""

    def __init__(self, room: Room, cast: Cast, chance: random.Random, said: list[int]) -> None:
        self.room, self.cast, self.chance = room, cast, chance
        self.said = said  # ids, for all who act

    def act(self, number: int) -> None:
        kinds = [self._say, self._delete, self._restore, self._pin, self._settings, self._time_out]
        (kind,) = self.chance.choices(kinds, [8, 3, 3, 1, 1, 1])
        with contextlib.suppress(DomainError):
            kind(number)

    def _say(self, number: int) -> None:
        author, standing = self.chance.choice(
            [
                (self.cast.ben, ClassRole.INSTRUCTOR),
                (self.cast.ana, ClassRole.OWNER),
                (self.cast.cleo, ClassRole.MEMBER),
            ]
        )
        words = f"Number {number}"
        self.said.append(posting.post(self.room, author=author, role=standing, text=words).message.pk)

    def _message(self) -> Message:
        return messages.find(self.chance.choice(self.said[-5:] or [0]))

    def _delete(self, _: int) -> None:
        messages.delete(self._message(), actor=self.cast.ana)

    def _restore(self, _: int) -> None:
        messages.restore(self._message(), actor=self.cast.ana)

    def _pin(self, number: int) -> None:
        if number % 3:
            actions.pin(self._message(), actor=self.cast.ben)
        else:
            actions.unpin(self.room, actor=self.cast.ben)

    def _settings(self, number: int) -> None:
        actions.change_settings(self.room, actor=self.cast.ben, links=number % 2 == 0, slow_seconds=number)

    def _time_out(self, number: int) -> None:
        act = Act.TIME_OUT if number % 2 else Act.LIFT_TIME_OUT
        actions.act_on(self.room, act, user=self.cast.cleo, actor=self.cast.ben, minutes=5)


async def truth(room_id: str, user_id: int) -> Frame:
    """What a fresh reader sees, from the database alone."""
    found = await in_thread(room_state.load_snapshot)(room_id)
    view: Frame = plain(
        {
            "seq": found.seq,
            "messages": list(found.history),
            "stream": found.state.member,
            "settings": found.config.settings,
            "pinned": found.config.pinned,
            "timed_out_until": found.config.timeouts.get(user_id),
        }
    )
    return view


@pytest.mark.parametrize(("seed", "at_most"), [(1, 200), (2, 200), (3, 3), (17, 200)])
async def test_a_reader_on_a_bad_line_ends_where_a_fresh_one_begins(
    *,
    enter: Enter,
    cast: Cast,
    room: Room,
    line: Callable[[random.Random], LossyLine],
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    at_most: int,
) -> None:
    """With `at_most` small, gaps are too wide to fill and the reader begins afresh."""
    monkeypatch.setattr(messages, "MISSED_AT_MOST", at_most)
    stream: Stream = room.stream
    bad = line(random.Random(seed))
    said: list[int] = []
    histories = [History(room, cast, random.Random(seed + part), said) for part in (1000, 2000)]
    cleo, fresh = [Life(lambda: enter(stream, cast.cleo, welcome=False), random.Random(seed + 3000)) for _ in "ab"]
    living = asyncio.create_task(cleo.live())

    for number in itertools.takewhile(lambda number: number < ACTS or cleo.cuts < 2, itertools.count()):
        await asyncio.gather(*(in_thread(history.act)(number) for history in histories))
        if number % (ACTS // SPOKEN) == 0 and number < ACTS:
            await cleo.say(f"Cleo's {number}")
    cleo.calm = True
    await cleo.answered()
    expected = await truth(stream.room_id, cast.cleo.pk)
    await cleo.reaches(expected)
    living.cancel()

    fresh.calm = True
    living = asyncio.create_task(fresh.live())
    await fresh.reaches(expected)
    living.cancel()
    assert bad.lost > 0
    assert (cleo.reader.afresh > 0) == (at_most < 100)
    drafts = await in_thread(
        lambda: list(Message.objects.exclude(client_id=None).values_list("client_id", flat=True))
    )()
    assert len(drafts) == len(set(drafts))
    # One that was sent twice may be refused first and said then.
    assert {*drafts, *cleo.reader.refused} == {f"r-{number}" for number in range(SPOKEN)}
