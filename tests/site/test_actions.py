"""The site's forms: they work without a script, and each refusal is in words."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import ApiToken
from clubs.domain import requests
from clubs.enums import JoinPolicy, RequestState, Role
from clubs.models import Club, GroupSession, Invitation, Membership, Participation
from fitfriends.core import clock
from notifications.enums import Channel, Kind
from notifications.models import Notification, Preference
from streaming.domain import lifecycle, scheduling
from streaming.enums import EndReason, State
from streaming.models import Stream, StreamEvent
from tests.cast import Cast
from tests.streaming.factories import make_stream

type As = Callable[[str], Client]


def said(client: Client, path: str, data: Mapping[str, object] | None = None) -> str:
    """Sends a form and follows it to the page it ends on."""
    return client.post(path, data or {}, follow=True).content.decode()


def test_open_club_is_joined_at_once(cast: Cast, as_: As) -> None:
    page = said(as_("dov"), "/clubs/harbour-club/join")

    assert "Welcome to Harbour Club." in page
    assert Membership.objects.of(cast.dov).filter(club=cast.club).exists()


def test_club_by_request_gets_the_question_and_answers_it(cast: Cast, as_: As) -> None:
    cast.club.join_policy = JoinPolicy.REQUEST
    cast.club.save()

    assert "You asked to join." in said(as_("dov"), "/clubs/harbour-club/join", {"message": "Please"})
    asked = cast.club.join_requests.get()
    assert "Please" in as_("ana").get("/clubs/harbour-club").content.decode()
    assert "Please" not in as_("ben").get("/clubs/harbour-club").content.decode()
    assert as_("ben").post(f"/clubs/harbour-club/requests/{asked.pk}").status_code == 404

    said(as_("ana"), f"/clubs/harbour-club/requests/{asked.pk}", {"answer": "accept"})

    asked.refresh_from_db()
    assert asked.state == RequestState.ACCEPTED
    assert Membership.objects.of(cast.dov).filter(club=cast.club).exists()


def test_request_is_declined(cast: Cast, as_: As) -> None:
    cast.club.join_policy = JoinPolicy.REQUEST
    cast.club.save()
    asked = requests.ask(cast.club, actor=cast.dov)

    said(as_("ana"), f"/clubs/harbour-club/requests/{asked.pk}", {"answer": "decline"})

    asked.refresh_from_db()
    assert asked.state == RequestState.DECLINED


def test_last_owner_is_told_why_leaving_is_refused(as_: As) -> None:
    assert "A club needs an owner." in said(as_("ana"), "/clubs/harbour-club/leave")


def test_invitation_goes_out_by_owners_alone(cast: Cast, as_: As) -> None:
    said(as_("ben"), "/clubs/harbour-club/invitations", {"email": "new@example.com"})
    assert not Invitation.objects.exists()

    page = said(as_("ana"), "/clubs/harbour-club/invitations", {"email": "new@example.com", "role": "instructor"})

    assert "on its way to new@example.com" in page
    assert Invitation.objects.get().role == Role.INSTRUCTOR
    assert "whole e-mail address" in said(as_("ana"), "/clubs/harbour-club/invitations", {"email": "nonsense"})


def test_club_is_founded_and_changed(cast: Cast, as_: As) -> None:
    form = {"name": "New Club", "description": "We run.", "join_policy": "request", "time_zone": "Europe/Lisbon"}

    assert "New Club is yours." in said(as_("dov"), "/clubs/new", form)
    club = Club.objects.get(name="New Club")
    assert Membership.objects.of(cast.dov).get(club=club).role == Role.OWNER

    said(as_("dov"), f"/clubs/{club.slug}/change", form | {"name": "Old Club", "join_policy": "open"})
    club.refresh_from_db()
    assert (club.name, club.join_policy) == ("Old Club", JoinPolicy.OPEN)
    assert as_("cleo").post(f"/clubs/{club.slug}/change", form).status_code == 404
    assert as_("dov").post("/clubs/new", form | {"name": "\u200c"}).status_code == 400


def test_seat_is_saved_and_given_up(cast: Cast, as_: As) -> None:
    browser = as_("cleo")

    page = said(browser, f"/classes/{cast.session.pk}/seat", {"next": "/schedule"})
    assert "Your seat in Morning yoga is saved." in page
    assert "<h1>Schedule</h1>" in page
    assert Participation.objects.filter(user=cast.cleo, cancelled_at=None).count() == 1

    said(browser, f"/classes/{cast.session.pk}/seat/release")
    assert Participation.objects.filter(user=cast.cleo, cancelled_at=None).count() == 0


def test_full_class_says_so(cast: Cast, as_: As) -> None:
    GroupSession.objects.filter(pk=cast.session.pk).update(capacity=1)
    said(as_("ana"), f"/classes/{cast.session.pk}/seat")

    page = said(as_("cleo"), f"/classes/{cast.session.pk}/seat", {"next": "/schedule"})

    assert 'class="notice error"' in page


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_forms_never_lead_off_the_site(cast: Cast, as_: As, target: str) -> None:
    response = as_("cleo").post(f"/classes/{cast.session.pk}/seat", {"next": target})

    assert response["Location"] == f"/classes/{cast.session.pk}"


def test_forms_want_their_token(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.cleo)

    response = strict.post(f"/classes/{cast.session.pk}/seat")

    assert response.status_code == 403
    assert "Reload it and try again." in response.content.decode()


def test_class_is_planned_in_the_planners_zone(cast: Cast, as_: As) -> None:
    cast.ben.time_zone = "Asia/Makassar"
    cast.ben.save()
    day = (clock.now() + timedelta(days=3)).date()
    form = {"club": cast.club.pk, "title": "Core", "starts_at": f"{day}T09:00", "duration_minutes": 30}

    page = said(as_("ben"), "/studio/new", form)

    planned = GroupSession.objects.get(title="Core")
    assert f"{planned.starts_at:%H:%M}" == "01:00"
    assert "Core is planned." in page


def test_class_is_not_planned_in_a_foreign_club(cast: Cast, as_: As) -> None:
    form = {"club": cast.other_club.pk, "title": "Core", "starts_at": "2030-01-01T09:00", "duration_minutes": 30}

    assert as_("ben").post("/studio/new", form).status_code == 400
    assert not GroupSession.objects.filter(title="Core").exists()


def test_class_in_the_past_is_refused_beside_its_field(cast: Cast, as_: As) -> None:
    form = {"club": cast.club.pk, "title": "Core", "starts_at": "2020-01-01T09:00", "duration_minutes": 30}

    response = as_("ben").post("/studio/new", form)

    assert response.status_code == 400
    assert "This moment is over." in response.content.decode()


def test_studio_from_setting_up_to_the_end(cast: Cast, as_: As) -> None:
    browser, path = as_("ben"), f"/studio/{cast.session.pk}"
    form = {"stream_title": "HIIT", "max_viewers": 15, "stream_quality": "HD", "mode": "interactive"}

    assert "The stream is set up." in said(browser, f"{path}/stream", form)
    stream = Stream.objects.get()
    assert (stream.title, stream.max_viewers, stream.quality, stream.mode) == ("HIIT", 15, "HD", "interactive")

    assert "The doors are open." in said(browser, f"{path}/start")
    assert "The class is over." in said(browser, f"{path}/end")
    stream.refresh_from_db()
    assert (stream.state, stream.end_reason) == (State.ENDED, EndReason.INSTRUCTOR)


def test_key_is_shown_on_demand_and_on_record(cast: Cast, as_: As) -> None:
    stream, key = scheduling.create(cast.session, actor=cast.ana, title="HIIT")
    browser, path = as_("ben"), f"/studio/{cast.session.pk}"

    assert key not in browser.get(path).content.decode()
    assert key in said(browser, f"{path}/key")
    assert StreamEvent.objects.filter(stream=stream, kind="key_revealed", actor=cast.ben).count() == 1

    said(browser, f"{path}/key/rotate")
    assert key not in said(browser, f"{path}/key")


def test_another_device_may_take_over_where_one_broadcasts(cast: Cast, as_: As) -> None:
    stream, _ = scheduling.create(cast.session, actor=cast.ben, title="HIIT")
    browser, path = as_("ben"), f"/studio/{cast.session.pk}"

    assert "nothing to take over" in said(browser, f"{path}/take-over")
    lifecycle.publish(stream, client_id="1")
    assert "Start the other device within 2 minutes" in said(browser, f"{path}/take-over")
    page = browser.get(path).content.decode()
    assert "Another device was allowed to take over." in page
    assert "A device connected." in page


def test_owner_runs_the_doors_but_never_sees_the_key(cast: Cast, as_: As) -> None:
    _, key = scheduling.create(cast.session, actor=cast.ben, title="HIIT")
    browser, path = as_("ana"), f"/studio/{cast.session.pk}"

    page = said(browser, f"{path}/key")

    assert key not in page
    assert "alone" in page


def test_class_is_called_off(cast: Cast, as_: As) -> None:
    GroupSession.objects.filter(pk=cast.session.pk).update(starts_at=clock.now() + timedelta(days=1))

    assert "is cancelled." in said(as_("ben"), f"/studio/{cast.session.pk}/cancel")


def test_ending_twice_is_words_not_a_fault(cast: Cast, as_: As) -> None:
    make_stream(cast.session, State.ENDED)

    assert "no open stream" in said(as_("ben"), f"/studio/{cast.session.pk}/end")


def test_profile_changes_and_refuses_nonsense(cast: Cast, as_: As) -> None:
    browser = as_("cleo")

    assert "Saved." in said(browser, "/account/", {"display_name": "Cléo", "time_zone": "Europe/Lisbon"})
    cast.cleo.refresh_from_db()
    assert (cast.cleo.display_name, cast.cleo.time_zone) == ("Cléo", "Europe/Lisbon")

    for bad in ({"display_name": "", "time_zone": "UTC"}, {"display_name": "C", "time_zone": "Mars/Olympus"}):
        assert browser.post("/account/", bad).status_code == 400


def test_mail_is_opted_out_of(cast: Cast, as_: As) -> None:
    said(as_("cleo"), "/account/mail", {})

    wish = Preference.objects.get(user=cast.cleo, kind=Kind.STREAM_LIVE, channel=Channel.EMAIL)
    assert wish.enabled is False


def test_token_is_shown_once_and_revoked(cast: Cast, as_: As) -> None:
    browser = as_("cleo")

    page = said(browser, "/account/tokens", {"name": "My phone", "scopes": ["read", "watch"]})
    plain = page.split('id="new-token">')[1].split("<")[0].strip()
    token = ApiToken.objects.get()

    assert plain.startswith(token.prefix)
    assert token.scopes == ["read", "watch"]
    assert plain not in browser.get("/account/").content.decode()
    assert as_("ana").post(f"/account/tokens/{token.pk}/revoke").status_code == 404
    assert "no longer works" in said(browser, f"/account/tokens/{token.pk}/revoke")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_token_without_scope_is_asked_again(as_: As) -> None:
    response = as_("cleo").post("/account/tokens", {"name": "x"})

    assert response.status_code == 400
    assert "Tick at least one thing" in response.content.decode()


def test_notification_opens_and_is_read(cast: Cast, as_: As) -> None:
    told = Notification.objects.create(
        user=cast.cleo, kind=Kind.STREAM_LIVE, title="Live", url="/schedule", occasion="a"
    )
    browser = as_("cleo")
    assert "1 unread" in browser.get("/").content.decode()

    assert browser.get(f"/notifications/{told.pk}")["Location"] == "/schedule"
    assert as_("ana").get(f"/notifications/{told.pk}").status_code == 404
    assert "unread" not in browser.get("/").content.decode().split("data-bell")[0]


def test_all_notifications_are_read_at_once(cast: Cast, as_: As) -> None:
    for number in range(3):
        Notification.objects.create(user=cast.cleo, kind=Kind.STREAM_LIVE, title="Live", occasion=str(number))

    said(as_("cleo"), "/notifications/read")

    assert not Notification.objects.filter(user=cast.cleo, read_at=None).exists()
