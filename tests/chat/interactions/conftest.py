"""Another club's class beside Ben's."""

import pytest

from chat.domain import rooms
from chat.models import Room
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast
from tests.streaming.factories import make_stream


@pytest.fixture
def other_stream(cast: Cast) -> Stream:
    return make_stream(cast.other_session, State.LIVE)


@pytest.fixture
def other_room(other_stream: Stream) -> Room:
    return rooms.find(other_stream.room_id)
