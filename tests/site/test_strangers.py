"""Who gets which page: one row per page, one column per person."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from streaming.enums import State
from tests.cast import Cast
from tests.streaming.factories import make_stream

WHO = ("nobody", "dov", "eva", "cleo", "ben", "ana")
SIGN_IN = 302


@dataclass(frozen=True, slots=True)
class Row:
    path: str
    answers: tuple[int, ...]  # in the order of WHO


PAGES = [
    Row("/", (200, 200, 200, 200, 200, 200)),
    Row("/clubs", (200, 200, 200, 200, 200, 200)),
    Row("/clubs/harbour-club", (200, 200, 200, 200, 200, 200)),
    Row("/clubs/secret-club", (404, 404, 404, 404, 404, 200)),
    Row("/clubs/no-such-club", (404, 404, 404, 404, 404, 404)),
    Row("/clubs/new", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/clubs/harbour-club/change", (SIGN_IN, 404, 404, 404, 404, 200)),
    Row("/clubs/secret-club/change", (SIGN_IN, 404, 404, 404, 404, 200)),
    Row("/clubs/harbour-club/talk", (SIGN_IN, 404, 404, 404, 404, 200)),
    Row("/clubs/harbour-club/reports", (SIGN_IN, 404, 404, 404, 200, 200)),
    Row("/clubs/harbour-club/reports/99", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/clubs/secret-club/reports", (SIGN_IN, 404, 404, 404, 404, 200)),
    Row("/classes/{session}/report", (SIGN_IN, 404, 404, 200, 200, 200)),
    Row("/classes/{empty}/report", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/schedule", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/my/classes", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/notifications", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/account/", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/classes/{session}", (SIGN_IN, 404, 404, 200, 200, 200)),
    Row("/classes/99999999", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/studio", (SIGN_IN, 404, 200, 404, 200, 200)),
    Row("/studio/new", (SIGN_IN, 404, 200, 404, 200, 200)),
    Row("/studio/{session}", (SIGN_IN, 404, 404, 404, 200, 200)),
    Row("/studio/{empty}", (SIGN_IN, 404, 404, 404, 200, 200)),
    Row("/studio/{session}/camera", (SIGN_IN, 404, 404, 404, 200, 403)),
    Row("/studio/{empty}/camera", (SIGN_IN, 404, 404, 404, SIGN_IN, SIGN_IN)),
    Row("/classes/0", (404, 404, 404, 404, 404, 404)),
    Row("/classes/12345678901234567890", (404, 404, 404, 404, 404, 404)),
    Row("/classes/1%00", (404, 404, 404, 404, 404, 404)),
    Row("/invitations/abcdefghijklmnopqrst", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/notifications/99", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/accounts/login/", (200, 302, 302, 302, 302, 302)),
    Row("/accounts/signup/", (200, 302, 302, 302, 302, 302)),
    Row("/accounts/password/reset/", (200, 200, 200, 200, 200, 200)),
    Row("/accounts/email/", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/accounts/password/change/", (SIGN_IN, 200, 200, 200, 200, 200)),
    Row("/no-such-page", (404, 404, 404, 404, 404, 404)),
]

ACTIONS = [
    Row("/classes/{session}/seat", (SIGN_IN, 404, 404, SIGN_IN, SIGN_IN, SIGN_IN)),
    Row("/clubs/secret-club/join", (SIGN_IN, 404, 404, 404, 404, SIGN_IN)),
    Row("/studio/{session}/start", (SIGN_IN, 404, 404, 404, SIGN_IN, SIGN_IN)),
    Row("/studio/{session}/end", (SIGN_IN, 404, 404, 404, SIGN_IN, SIGN_IN)),
    Row("/studio/{session}/cancel", (SIGN_IN, 404, 404, SIGN_IN, SIGN_IN, SIGN_IN)),
    Row("/studio/{session}/key", (SIGN_IN, 404, 404, 404, 200, SIGN_IN)),
    Row("/studio/{session}/key/rotate", (SIGN_IN, 404, 404, 404, SIGN_IN, SIGN_IN)),
    Row("/studio/{session}/take-over", (SIGN_IN, 404, 404, 404, SIGN_IN, SIGN_IN)),
    Row("/studio/{session}/camera/upload-test", (403, 404, 404, 404, 415, 403)),
    Row("/studio/{empty}/camera/upload-test", (403, 404, 404, 404, 404, 404)),
    Row("/clubs/harbour-club/talk/house-rules", (SIGN_IN, 404, 404, 404, 404, SIGN_IN)),
    Row("/clubs/harbour-club/talk/rules", (SIGN_IN, 404, 404, 404, 404, 400)),
    Row("/clubs/harbour-club/members/99999", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/clubs/harbour-club/bans/99999/lift", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/clubs/harbour-club/reports/99/act", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/clubs/harbour-club/held/99", (SIGN_IN, 404, 404, 404, 404, 404)),
    Row("/account/tokens/99/revoke", (SIGN_IN, 404, 404, 404, 404, 404)),
]


@pytest.fixture
def fill(cast: Cast) -> Callable[[str], str]:
    """Puts ids into a row's path: a class with a stream in preview, one without, and a hidden club of Ana's."""
    from clubs.enums import JoinPolicy
    from streaming.domain import scheduling
    from tests.cast import make_club, make_session

    make_club(cast.ana, name="Secret Club", slug="secret-club", join_policy=JoinPolicy.INVITATION)
    empty = make_session(cast.club, cast.ben, title="No stream yet")
    scheduling.create(cast.session, actor=cast.ben, title="HIIT")
    return lambda path: path.format(session=cast.session.pk, empty=empty.pk)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.path)
def test_page_answers(row: Row, fill: Callable[[str], str], as_: Callable[[str], Client]) -> None:
    found = tuple(as_(name).get(fill(row.path)).status_code for name in WHO)

    assert dict(zip(WHO, found, strict=True)) == dict(zip(WHO, row.answers, strict=True))


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.path)
def test_action_answers(row: Row, fill: Callable[[str], str], as_: Callable[[str], Client]) -> None:
    for name, expected in zip(WHO, row.answers, strict=True):
        assert as_(name).post(fill(row.path)).status_code == expected, name


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.path)
def test_action_by_link_is_refused(row: Row, fill: Callable[[str], str], as_: Callable[[str], Client]) -> None:
    assert as_("ana").get(fill(row.path)).status_code == 405


def test_preview_stays_hidden_from_members(cast: Cast, as_: Callable[[str], Client]) -> None:
    make_stream(cast.session, State.PREVIEW)

    hers = as_("cleo").get(f"/classes/{cast.session.pk}").content.decode()
    his = as_("ben").get(f"/classes/{cast.session.pk}").content.decode()

    assert 'data-state="scheduled"' in hers
    assert "review" not in hers.lower()
    assert 'data-state="preview"' in his


def test_member_who_left_finds_nothing(cast: Cast, as_: Callable[[str], Client]) -> None:
    browser = as_("cleo")
    assert browser.get(f"/classes/{cast.session.pk}").status_code == 200

    browser.post("/clubs/harbour-club/leave")

    assert browser.get(f"/classes/{cast.session.pk}").status_code == 404
    assert cast.session.title not in browser.get("/schedule").content.decode()


def test_hidden_and_missing_look_alike(cast: Cast, as_: Callable[[str], Client]) -> None:
    browser = as_("dov")

    hidden = browser.get(f"/classes/{cast.session.pk}")
    missing = browser.get("/classes/99999999")

    assert hidden.content.decode().split("<main")[1] == missing.content.decode().split("<main")[1]


def test_personal_pages_are_not_kept(cast: Cast, as_: Callable[[str], Client]) -> None:
    for path in ("/schedule", f"/classes/{cast.session.pk}", "/account/"):
        assert "no-store" in as_("cleo").get(path)["Cache-Control"]
