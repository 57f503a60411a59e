"""What is framed here is what a library that is not ours reads."""

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from chat.frames.outgoing import Outgoing


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
@pytest.mark.parametrize("letter", ["x", "é", "🏋"])
def test_frames_are_those_of_the_standard(length: int, letter: str) -> None:
    text = letter * length
    reader = StreamReader()
    reader.feed_data(Outgoing(text).framed)
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)

    frame = done.value.value
    assert (frame.opcode, frame.fin, frame.rsv1, bytes(frame.data).decode()) == (Opcode.TEXT, True, False, text)


def test_an_array_of_one_is_the_frame_itself() -> None:
    assert Outgoing.array(['{"a":1}']).text == '{"a":1}'
    assert Outgoing.array(['{"a":1}', '{"b":2}']).text == '[{"a":1},{"b":2}]'
