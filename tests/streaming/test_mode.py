"""How members watch: set when a class is streamed and while it runs, and told to everybody in it."""

import pytest
from django.db import IntegrityError

from streaming.domain import scheduling
from streaming.domain.snapshot import state_of
from streaming.enums import Mode, State
from streaming.models import Stream, StreamEvent
from streaming.signals import stream_changed
from tests.cast import Cast, api_as
from tests.streaming.factories import make_stream


def test_stream_is_a_broadcast_unless_told_otherwise(cast: Cast) -> None:
    ben = api_as(cast.ben)
    made = ben.post(
        "/api/streaming/sessions", {"group_session_id": cast.session.pk, "stream_title": "HIIT"}, format="json"
    )
    stream_id = made.data["streaming_session"]["id"]

    assert ben.get(f"/api/streaming/sessions/{stream_id}").data["streaming_session"]["mode"] == "broadcast"


def test_stream_is_made_interactive_and_changed_back(cast: Cast) -> None:
    ben = api_as(cast.ben)
    asked = {"group_session_id": cast.session.pk, "stream_title": "HIIT", "mode": "interactive"}
    stream = Stream.objects.get(
        pk=ben.post("/api/streaming/sessions", asked, format="json").data["streaming_session"]["id"]
    )

    assert stream.mode == Mode.INTERACTIVE
    reply = ben.patch(f"/api/streaming/sessions/{stream.pk}", {"mode": "broadcast"}, format="json")
    assert reply.data["streaming_session"]["mode"] == "broadcast"


def test_mode_changes_while_the_class_is_live_and_its_rooms_are_told(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    stream = make_stream(cast.session, State.LIVE)
    told: list[str] = []

    def hear(stream: Stream, **_: object) -> None:
        told.append(state_of(stream, runs=False).mode)

    stream_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            reply = api_as(cast.ben).post(
                f"/api/streaming/sessions/{stream.pk}/mode", {"mode": "interactive"}, format="json"
            )
            api_as(cast.ben).post(f"/api/streaming/sessions/{stream.pk}/mode", {"mode": "interactive"}, format="json")
    finally:
        stream_changed.disconnect(hear)

    assert (reply.status_code, told) == (200, ["interactive"])
    assert StreamEvent.objects.get(stream=stream).note == "mode"
    member = api_as(cast.cleo).get(f"/api/streaming/sessions/{stream.pk}/state").data["stream"]
    assert member["mode"] == "interactive"


@pytest.mark.parametrize("given", [{}, {"mode": "both"}, {"mode": ["interactive"]}])
def test_other_modes_are_refused(cast: Cast, given: dict[str, object]) -> None:
    stream = make_stream(cast.session, State.LIVE)

    reply = api_as(cast.ben).post(f"/api/streaming/sessions/{stream.pk}/mode", given, format="json")

    assert (reply.status_code, "mode" in reply.data["error"]["fields"]) == (400, True)


def test_mode_of_an_ended_class_stays(cast: Cast) -> None:
    stream = make_stream(cast.session, State.ENDED)

    reply = api_as(cast.ben).post(f"/api/streaming/sessions/{stream.pk}/mode", {"mode": "interactive"}, format="json")

    assert (reply.status_code, reply.data["error"]["code"]) == (409, "stream:state:ended")


def test_database_knows_the_two_modes(cast: Cast) -> None:
    stream = make_stream(cast.session)
    with pytest.raises(IntegrityError):
        Stream.objects.filter(pk=stream.pk).update(mode="both")


def test_config_names_the_address_for_whip(cast: Cast) -> None:
    stream, _ = scheduling.create(cast.session, actor=cast.ben, title="HIIT")
    config = api_as(cast.ben).get(f"/api/streaming/sessions/{stream.pk}").data["stream_config"]

    assert config["whip_url"].startswith("http")
    assert config["whip_url"].endswith(f"/whip/{stream.room_id}")
