"""Delta updates: what nginx answers to players that leave out what they know already."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from media_worker.packager import playlist_sink
from tests.deploy.conftest import ROOM, Door
from tests.deploy.test_holding import MEDIA, ask, held

HEAD = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:{first}\n"
SECRET = {"X-Hook-Secret": "hook-secret"}


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as found:
        yield found


def recent(msn: int, parts: int) -> str:
    lines = [f'#EXT-X-PART:DURATION=0.2,URI="part-{msn}.{number}.m4s"' for number in range(parts)]
    return "\n".join(["#EXTINF:2.0,", f"seg-{msn - 1}.m4s", *lines]) + "\n"


def past(msn: int) -> str:
    """Everything before the last segment."""
    return HEAD.format(first=0) + "".join(f"#EXTINF:2.0,\nseg-{number}.m4s\n" for number in range(msn - 1))


def delta(msn: int, parts: int) -> str:
    return skip(msn) + recent(msn, parts)


def skip(msn: int) -> str:
    return HEAD.format(first=0) + f"#EXT-X-SKIP:SKIPPED-SEGMENTS={msn - 1}\n"


def put(door: Door, msn: int, parts: int, **changed: str) -> int:
    headers = SECRET | {"X-Version": str(playlist_sink.version(msn, parts)), "X-Skip": str(len(skip(msn)))}
    headers |= {"X-Past": f"{msn:08x}"} | changed
    return httpx.put(_push(door), content=delta(msn, parts), headers=headers).status_code


def put_past(door: Door, msn: int, **changed: str) -> int:
    headers = SECRET | {"X-Past": f"{msn:08x}"} | changed
    return httpx.put(f"{_push(door)}/past", content=past(msn), headers=headers).status_code


def _push(door: Door) -> str:
    return f"http://127.0.0.1:{door.stack.internal.push}/{ROOM}/720p"


def write(door: Door, text: str) -> None:
    (door.stack.hls / ROOM / "720p" / "playlist.m3u8").write_text(text)


@pytest.mark.parametrize("word", ["YES", "v2"])
def test_who_asks_gets_the_delta_and_everybody_else_all_of_it(door: Door, word: str) -> None:
    assert (put(door, 300, 3), put_past(door, 300), put(door, 300, 4)) == (202, 204, 204)

    assert ask(door, MEDIA, skip=word)[0].text == delta(300, 4)
    assert ask(door, MEDIA)[0].text == past(300) + recent(300, 4)
    assert ask(door, MEDIA, skip="no")[0].text == past(300) + recent(300, 4)
    reply = httpx.get(f"{door.url}{MEDIA}?_HLS_skip=YES", headers={"Accept-Encoding": "gzip"})
    assert reply.text == delta(300, 4)


@pytest.mark.usefixtures("long_holds")
def test_player_who_skips_is_held_until_its_part_is_there(door: Door, pool: ThreadPoolExecutor) -> None:
    put(door, 300, 3)
    put_past(door, 300)
    skipping = held(pool, door, msn=300, part=3, skip="YES")
    whole = held(pool, door, msn=300, part=3)

    put(door, 300, 4)

    assert skipping.result()[0].text == delta(300, 4)
    assert whole.result()[0].text == past(300) + recent(300, 4)


def test_past_of_another_segment_is_never_put_before_a_page(door: Door) -> None:
    put(door, 300, 9)
    put_past(door, 300)
    write(door, past(301) + recent(301, 0))

    assert put(door, 301, 0) == 202

    assert ask(door, MEDIA)[0].text == past(301) + recent(301, 0), "the file has both"
    assert ask(door, MEDIA, skip="YES")[0].text == delta(301, 0)
    put_past(door, 301)
    put(door, 301, 1)
    assert ask(door, MEDIA)[0].text == past(301) + recent(301, 1)


@pytest.mark.usefixtures("long_holds")
def test_without_the_packager_the_file_is_the_answer_to_all(door: Door, pool: ThreadPoolExecutor) -> None:
    write(door, past(300) + recent(300, 3))
    assert ask(door, MEDIA, skip="YES")[0].text == past(300) + recent(300, 3)
    waiting = held(pool, door, msn=300, part=3, skip="YES")

    write(door, past(300) + recent(300, 4))

    assert waiting.result()[0].text == past(300) + recent(300, 4)


@pytest.mark.usefixtures("long_holds")
def test_ended_class_lets_those_go_who_wait(door: Door, pool: ThreadPoolExecutor) -> None:
    write(door, past(300) + recent(300, 3))
    waiting = held(pool, door, msn=300, part=3, skip="YES")

    write(door, past(301) + "#EXT-X-ENDLIST\n")

    assert waiting.result()[0].text.endswith("#EXT-X-ENDLIST\n")


def test_reload_forgets_neither(door: Door) -> None:
    put(door, 300, 3)
    put_past(door, 300)

    door.reload()

    assert ask(door, MEDIA, skip="YES")[0].text == delta(300, 3)
    assert ask(door, MEDIA)[0].text == past(300) + recent(300, 3)


def test_past_that_was_forgotten_is_asked_for_again(door: Door) -> None:
    put(door, 300, 3)
    put_past(door, 300)
    assert put(door, 300, 4) == 204
    time.sleep(4.2)

    assert put(door, 300, 5) == 202


def test_a_page_without_a_past_replaces_one_with(door: Door) -> None:
    put(door, 300, 3)
    put_past(door, 300)
    alone = past(301) + recent(301, 0)
    headers = SECRET | {"X-Version": str(playlist_sink.version(301, 0))}

    assert httpx.put(_push(door), content=alone, headers=headers).status_code == 204

    assert ask(door, MEDIA)[0].text == ask(door, MEDIA, skip="YES")[0].text == alone


@pytest.mark.parametrize("changed", [{"X-Past": "short"}, {"X-Past": "zzzzzzzz"}, {"X-Skip": "0"}, {"X-Skip": "-3"}])
def test_nonsense_is_refused(door: Door, changed: dict[str, str]) -> None:
    assert put(door, 300, 3, **changed) == 400


def test_only_the_packager_hands_a_past_over(door: Door) -> None:
    assert put_past(door, 300, **{"X-Hook-Secret": "guessed-secret"}) == 403
    assert put_past(door, 300, **{"X-Past": "short"}) == 400
    assert httpx.get(f"{_push(door)}/past", headers=SECRET).status_code == 405
    assert httpx.put(f"{_push(door)}/future", content="x", headers=SECRET).status_code == 404
