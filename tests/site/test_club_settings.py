"""What an owner decides on the club's pages: rules, roles, removing, and lifting bans."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chat.enums import Act
from chat.models import Action, ClubFilter
from clubs.models import Ban, Membership
from fitfriends.pages import club_filter_form
from tests.cast import Cast

type As = Callable[[str], Client]
TALK = "/clubs/harbour-club/talk"


def test_house_rules_are_written_and_shown_again(cast: Cast, as_: As) -> None:
    ana = as_("ana")
    assert "kept for 180 days" in ana.get(TALK).content.decode()

    ana.post(f"{TALK}/house-rules", {"text": "Be kind to Cleo.", "show_again": "on"})

    cast.club.refresh_from_db()
    assert (cast.club.house_rules, cast.club.rules_version) == ("Be kind to Cleo.", 2)
    assert "Be kind to Cleo." in ana.get(TALK).content.decode()


def test_the_rules_of_the_talk_are_changed(cast: Cast, as_: As) -> None:
    form = club_filter_form.form_of(ClubFilter(club=cast.club))
    given: dict[str, Any] = dict(form.initial)
    given |= {"on_links": "hold", "words": "crunch\n*diet*", "mention_limit": 3, "languages": ["en"]}

    assert as_("ana").post(f"{TALK}/rules", given).status_code == 302
    row = ClubFilter.objects.get()
    assert (row.on_links, row.words, row.mention_limit, row.languages) == ("hold", "crunch\n*diet*", 3, ["en"])
    wrong = as_("ana").post(f"{TALK}/rules", given | {"words": "*"})
    assert wrong.status_code == 400
    assert ClubFilter.objects.get().words == row.words


def test_an_owner_makes_a_moderator_and_removes(cast: Cast, as_: As) -> None:
    hers = Membership.objects.get(user=cast.cleo)
    address = f"/clubs/harbour-club/members/{hers.pk}"
    assert "Remove from the club" in as_("ana").get("/clubs/harbour-club").content.decode()
    assert "Remove from the club" not in as_("ben").get("/clubs/harbour-club").content.decode()

    as_("ana").post(address, {"role": "moderator"})
    hers.refresh_from_db()
    assert hers.role == "moderator"
    assert as_("ben").post(address, {"role": "member"}).status_code == 404
    as_("ana").post(address, {"role": "remove"})
    hers.refresh_from_db()
    assert hers.left_at is not None
    own = Membership.objects.get(user=cast.ana)
    page = as_("ana").post(f"/clubs/harbour-club/members/{own.pk}", {"role": "member"}, follow=True)
    assert Membership.objects.get(user=cast.ana).role == "owner"
    assert "error" in page.content.decode()


@pytest.mark.parametrize("of_a_class", [True, False])
def test_a_ban_is_lifted_and_written_down(cast: Cast, as_: As, *, of_a_class: bool) -> None:
    session = cast.session if of_a_class else None
    ban = Ban.objects.create(club=cast.club, group_session=session, user=cast.cleo)
    assert "Lift the ban" in as_("ana").get("/clubs/harbour-club").content.decode()

    for _ in range(2):
        as_("ana").post(f"/clubs/harbour-club/bans/{ban.pk}/lift")

    ban.refresh_from_db()
    assert ban.lifted_at is not None
    row = Action.objects.get()
    assert row.act == (Act.LIFT_BAN_CLASS if of_a_class else Act.LIFT_BAN_CLUB)
    assert (row.actor, row.target) == (cast.ana, cast.cleo)
