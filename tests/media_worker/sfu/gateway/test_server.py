"""Publishing and watching through the gateway and a real Janus."""

import asyncio
import functools
import operator

import pytest

from media_worker.sfu.errors import SfuError
from media_worker.sfu.gateway.protocol import Media, SourceGone
from tests.media_worker.sfu.gateways import EventLog, Stage, flows
from tests.media_worker.sfu.peers import Publisher


@pytest.mark.parametrize("codec", ["H264", "VP8"])
async def test_publisher_is_seen_and_heard(stage: Stage, codec: str) -> None:
    await stage.publish(Publisher(codec=codec))

    _, viewer = await stage.view()

    await flows(viewer, "audio", "video")
    counts = await stage.client.count()
    assert (counts.peers, counts.viewers, counts.seats) == (2, 1, 7)


async def test_sound_alone_is_heard(stage: Stage) -> None:
    await stage.publish(Publisher(video=False))

    _, viewer = await stage.view()

    await flows(viewer, "audio")
    assert viewer.packets["video"] == 0


async def test_nothing_to_watch_is_said(stage: Stage) -> None:
    with pytest.raises(SfuError) as refused:
        await stage.view()

    assert refused.value.code == "webrtc:waiting"


async def test_same_person_replaces_her_own(stage: Stage) -> None:
    first = await stage.publish()
    watching, _ = await stage.view()

    second = await stage.publish()

    assert await stage.gone(first.peer) == "replaced"
    assert await stage.gone(watching.peer) == "source"
    _, viewer = await stage.view()
    await flows(viewer)
    assert second.peer != first.peer
    with pytest.raises(SfuError) as refused:
        await stage.client.restart(first.peer, "v=0")
    assert refused.value.code == "webrtc:peer"


async def test_another_person_is_refused(stage: Stage) -> None:
    await stage.publish(person="ben")
    _, viewer = await stage.view()

    with pytest.raises(SfuError) as refused:
        await stage.publish(person="dov")

    assert refused.value.code == "webrtc:busy"
    await flows(viewer)


async def test_refused_offer_leaves_the_older_publisher(stage: Stage) -> None:
    await stage.publish()
    _, viewer = await stage.view()

    with pytest.raises(SfuError):
        await stage.client.publish(stage.heard, room=stage.room, person="ben", sdp="nonsense", push_url="")

    await flows(viewer)


async def test_end_of_publisher_is_notified(stage: Stage) -> None:
    publishing = await stage.publish()
    watching, _ = await stage.view()

    await stage.client.close(publishing.peer)

    assert await stage.gone(watching.peer) == "source"
    await stage.heard.of(SourceGone)
    await stage.client.close(publishing.peer)
    await stage.client.close("nobody")


async def test_goodbye_of_a_browser_is_heard(stage: Stage) -> None:
    publisher = Publisher()
    publishing = await stage.publish(publisher)

    await publisher.close()

    assert await stage.gone(publishing.peer) == "DTLS alert"


async def test_newcomer_hears_that_there_is_something(stage: Stage) -> None:
    await stage.publish()
    late = EventLog()

    await stage.client.watch(late, stage.room)

    assert late.events
    await stage.client.unwatch(late, stage.room)


async def test_restart_renews_the_credentials(stage: Stage) -> None:
    publisher = Publisher()
    publishing = await stage.publish(publisher)
    watching, _ = await stage.view()
    # As a browser does with iceRestart: the same description, other credentials.
    again = [
        "a=ice-ufrag:anew" if line.startswith("a=ice-ufrag") else line
        for line in (await publisher.offer()).split("\r\n")
        if not line.startswith("a=candidate")
    ]

    answer = await stage.client.restart(publishing.peer, "\r\n".join(again))
    offer = await stage.client.restart(watching.peer)

    assert _credentials(answer).isdisjoint(_credentials(publishing.sdp))
    assert _credentials(offer).isdisjoint(_credentials(watching.sdp))
    assert _credentials(offer)


def _credentials(sdp: str) -> set[str]:
    return {line for line in sdp.splitlines() if line.startswith("a=ice-ufrag")}


async def test_media_is_notified_by_kind(stage: Stage) -> None:
    publishing = await stage.publish()

    for wanted in (Media(publishing.peer, kind, receiving=True) for kind in ("audio", "video")):
        await stage.heard.until(functools.partial(operator.eq, wanted))


async def test_seats_are_given_back(stage: Stage) -> None:
    await stage.publish()
    opened = await asyncio.gather(
        *(stage.client.subscribe(stage.heard, room=stage.room, person=f"p{number}") for number in range(8))
    )

    with pytest.raises(SfuError) as refused:
        await stage.client.subscribe(stage.heard, room=stage.room, person="one-too-many")

    assert refused.value.code == "webrtc:full"
    await stage.client.close(opened[0].peer)
    await stage.view()
