"""What the pages say in each state, with and without a script."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from clubs.enums import SessionStatus
from clubs.models import Participation
from fitfriends.core import clock
from streaming.enums import EndReason, State
from tests.cast import Cast, make_session
from tests.streaming.factories import make_stream

type As = Callable[[str], Client]


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def shown(page: str, view: str) -> bool:
    """Whether a part of the class page is there without a script."""
    tag = page.split(f'data-view="{view}"')[1].split(">", maxsplit=1)[0]
    return "hidden" not in tag


@pytest.mark.parametrize(
    ("state", "view"),
    [
        (State.SCHEDULED, "lobby"),
        (State.STARTING, "room"),
        (State.LIVE, "room"),
        (State.INTERRUPTED, "room"),
        (State.ENDED, "thanks"),
    ],
)
def test_class_page_shows_the_view_of_its_state(cast: Cast, as_: As, state: State, view: str) -> None:
    make_stream(cast.session, state, **({"started_at": clock.now()} if state == State.ENDED else {}))

    page = text(as_("cleo"), f"/classes/{cast.session.pk}")

    assert {name for name in ("lobby", "room", "thanks") if shown(page, name)} == {view}


def test_class_page_without_a_stream_is_a_lobby(cast: Cast, as_: As) -> None:
    page = text(as_("cleo"), f"/classes/{cast.session.pk}")

    assert shown(page, "lobby")
    assert 'data-stream-id=""' in page


def test_class_page_after_its_time_says_thanks(cast: Cast, as_: As) -> None:
    cast.session.starts_at = clock.now() - timedelta(hours=3)
    cast.session.save()

    assert shown(text(as_("cleo"), f"/classes/{cast.session.pk}"), "thanks")


def test_stream_called_off_before_the_class_leaves_the_lobby(cast: Cast, as_: As) -> None:
    cast.session.starts_at = clock.now() + timedelta(days=1)
    cast.session.save()
    make_stream(cast.session, State.ENDED, end_reason=EndReason.CANCELLED)

    page = text(as_("cleo"), f"/classes/{cast.session.pk}")

    assert shown(page, "lobby")
    assert 'data-state="scheduled"' in page


def test_cancelled_class_says_so_everywhere(cast: Cast, as_: As) -> None:
    cast.session.status = SessionStatus.CANCELLED
    cast.session.save()
    browser = as_("cleo")

    assert "This class is cancelled." in text(browser, f"/classes/{cast.session.pk}")
    assert "Cancelled" in text(browser, "/schedule")


def test_live_class_stands_first_on_home_and_schedule(cast: Cast, as_: As) -> None:
    make_stream(cast.session, State.LIVE)
    later = make_session(cast.club, cast.ben, title="Later class", starts_at=clock.now() + timedelta(hours=2))

    for path in ("/", "/schedule"):
        page = text(as_("cleo"), path)
        assert "Join now" in page
        assert page.index(cast.session.title) < (page.index(later.title) if later.title in page else len(page))


def test_days_are_the_readers_own(cast: Cast, as_: As) -> None:
    # Sunday 23:30 in UTC is Monday 07:30 in Makassar.
    cast.session.starts_at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    cast.session.save()
    cast.cleo.time_zone = "Asia/Makassar"
    cast.cleo.save()

    hers = text(as_("cleo"), "/schedule?from=2026-11-23")

    assert "07:30" in hers
    assert "Monday" in hers
    assert cast.session.title not in text(as_("ana"), "/schedule?from=2026-11-23")
    assert "Sunday" in text(as_("ana"), "/schedule?from=2026-11-16")
    assert cast.session.title not in text(as_("cleo"), "/schedule?from=2026-11-16")


@pytest.mark.parametrize("day", ["", "2026-13-01", "x", "9999-12-31", "0001-01-01", "%00", "2026-W01", "1" * 500])
def test_odd_days_are_today(as_: As, day: str) -> None:
    assert as_("cleo").get("/schedule", {"from": day}).status_code == 200


def test_times_name_the_place_when_it_is_elsewhere(cast: Cast, as_: As) -> None:
    cast.session.time_zone = "Asia/Makassar"
    cast.session.save()
    there = cast.session.starts_at.astimezone(zoneinfo.ZoneInfo("Asia/Makassar"))

    assert f"{there:%H:%M} in Makassar" in text(as_("cleo"), f"/classes/{cast.session.pk}")


def test_empty_pages_say_what_to_do_next(as_: As) -> None:
    browser = as_("dov")

    for path in ("/", "/schedule", "/my/classes", "/notifications"):
        assert 'class="empty"' in text(browser, path), path
        assert "button" in text(browser, path).split('class="empty"')[1]


def test_strangers_see_a_clubs_face_but_neither_members_nor_classes(cast: Cast, as_: As) -> None:
    for name in ("nobody", "dov"):
        page = text(as_(name), "/clubs/harbour-club")
        assert "Ben" in page
        assert "Cleo" not in page
        assert cast.session.title not in page

    assert "Cleo" in text(as_("cleo"), "/clubs/harbour-club")


def test_coming_people_are_shown_and_counted(cast: Cast, as_: As) -> None:
    Participation.objects.create(group_session=cast.session, user=cast.cleo)

    page = text(as_("ana"), f"/classes/{cast.session.pk}")

    assert 'title="Cleo"' in page


def test_pages_are_true_without_a_script(cast: Cast, as_: As) -> None:
    make_stream(cast.session, State.LIVE)

    page = text(as_("cleo"), f"/classes/{cast.session.pk}")

    assert "The picture and the talk need JavaScript" in page.split("<noscript>")[2]


def test_policy_allows_no_inline_script_and_styles_by_nonce_alone(cast: Cast, as_: As) -> None:
    player = as_("cleo").get(f"/classes/{cast.session.pk}")
    plain = as_("cleo").get("/schedule")
    policy = player["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in player.content.decode()
    assert "nonce" not in plain["Content-Security-Policy"]


def test_schedule_asks_the_database_the_same_for_one_class_and_many(
    cast: Cast, as_: As, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(12):
        make_session(cast.club, cast.ben, title=f"Class {number}")
    browser = as_("cleo")

    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        browser.get("/schedule")


def test_faults_are_pages_of_ours(as_: As) -> None:
    response = as_("nobody").get("/no-such-page")

    assert "There is nothing here, or it is not for you" in response.content.decode()


def test_fault_of_ours_needs_neither_reader_nor_database() -> None:
    from django.template.loader import render_to_string

    for name in ("500.html", "400.html"):
        assert 'href="/"' in render_to_string(name)
