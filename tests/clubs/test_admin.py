"""The admin as a club's staff sees it: their clubs and nothing else, and every save goes through the domain."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain import tokens
from clubs.enums import Role, SessionStatus
from clubs.models import Club, GroupSession, Membership
from fitfriends.core import clock
from tests.cast import Cast, make_session, make_token, make_user, next_week

pytestmark = pytest.mark.usefixtures("clean_redis")


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(make_user("Op", is_staff=True) if name == "op" else cast.people[name])
    return client


def page(client: Client, name: str, *args: object) -> Any:
    return client.get(reverse(f"admin:{name}", args=args))


def session_form(session: GroupSession, **changes: object) -> dict[str, Any]:
    start = session.starts_at
    return {
        "title": session.title,
        "club": session.club_id,
        "description": "",
        "instructor": session.instructor_id,
        "starts_at_0": start.strftime("%Y-%m-%d"),
        "starts_at_1": start.strftime("%H:%M:%S"),
        "time_zone": "UTC",
        "duration_minutes": 45,
        "capacity": "",
        "streams-TOTAL_FORMS": 0,  # streaming's inline
        "streams-INITIAL_FORMS": 0,
        **changes,
    }


@pytest.mark.parametrize("name", ["cleo", "dov"])
def test_members_and_strangers_stay_outside(cast: Cast, name: str) -> None:
    reply = signed_in(cast, name).get("/admin/", follow=True)
    assert reply.status_code == 403
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize("name", ["op", "ana", "ben", "eva"])
def test_staff_come_in(cast: Cast, name: str) -> None:
    client = signed_in(cast, name)
    assert client.get("/admin/").status_code == 200
    for model in ("club", "groupsession"):
        assert page(client, f"clubs_{model}_changelist").status_code == 200


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_staff_see_their_clubs_alone(cast: Cast, name: str) -> None:
    client = signed_in(cast, name)
    for path in ("clubs_club_changelist", "clubs_groupsession_changelist", "clubs_groupsession_add"):
        content = page(client, path).content.decode()
        assert "Hill Club" not in content, path
        assert "Evening run" not in content, path
        assert "Eva" not in content, path
    assert page(client, "clubs_club_change", cast.other_club.pk).status_code == 302
    assert page(client, "clubs_groupsession_change", cast.other_session.pk).status_code == 302
    for model in ("accounts_user", "accounts_apitoken"):
        assert page(client, f"{model}_changelist").status_code == 403


def test_filters_and_popups_leak_nothing(cast: Cast) -> None:
    client = signed_in(cast, "ben")
    url = reverse("admin:clubs_groupsession_changelist")
    for query in ("instructor__password__startswith=m", f"club__id__exact={cast.other_club.pk}", "club__members=1"):
        assert "Evening run" not in client.get(f"{url}?{query}", follow=True).content.decode()


def test_instructor_schedules_her_own(cast: Cast) -> None:
    client = signed_in(cast, "ben")
    form = session_form(cast.session, title=" New\u202e one ", starts_at_0=_day(2))
    assert client.post(reverse("admin:clubs_groupsession_add"), form).status_code == 302
    made = GroupSession.objects.get(title="New one")
    assert (made.instructor, made.club) == (cast.ben, cast.club)


def _day(ahead: int) -> str:
    return (clock.now() + timedelta(days=ahead)).strftime("%Y-%m-%d")


def test_choices_of_others_are_refused(cast: Cast) -> None:
    client = signed_in(cast, "ben")
    for wrong in ({"club": cast.other_club.pk}, {"instructor": cast.ana.pk}, {"instructor": cast.eva.pk}):
        form = session_form(cast.session, title="Foreign", starts_at_0=_day(2), **wrong)
        assert client.post(reverse("admin:clubs_groupsession_add"), form).status_code == 200
    assert not GroupSession.objects.filter(title="Foreign").exists()


def test_what_the_domain_refuses_is_said_and_not_saved(cast: Cast) -> None:
    client = signed_in(cast, "ana")
    form = session_form(cast.session, title="Long ago", starts_at_0="2001-01-01")
    reply = client.post(reverse("admin:clubs_groupsession_add"), form, follow=True)
    assert "This moment is over." in reply.content.decode()
    assert not GroupSession.objects.filter(title="Long ago").exists()


def test_instructor_changes_hers_and_not_the_owners(cast: Cast) -> None:
    client = signed_in(cast, "ben")
    next_week(cast.session)
    anas = next_week(make_session(cast.club, cast.ana, title="Ana's"))
    for session, status in ((cast.session, 302), (anas, 403)):
        url = reverse("admin:clubs_groupsession_change", args=[session.pk])
        assert client.post(url, session_form(session, title="Changed")).status_code == status
        assert client.get(url).status_code == 200
    assert [*GroupSession.objects.filter(title="Changed")] == [cast.session]


def test_status_is_not_written_by_the_form(cast: Cast) -> None:
    next_week(cast.session)
    url = reverse("admin:clubs_groupsession_change", args=[cast.session.pk])
    form = session_form(cast.session, title="Saved", status="cancelled", club=cast.other_club.pk)
    assert signed_in(cast, "ana").post(url, form).status_code == 302
    cast.session.refresh_from_db()
    assert (cast.session.title, cast.session.status, cast.session.club) == (
        "Saved",
        SessionStatus.SCHEDULED,
        cast.club,
    )


def test_cancelling_reports_per_row(cast: Cast) -> None:
    past = make_session(cast.club, cast.ben, title="Past", starts_at=clock.now() - timedelta(days=1))
    body = {"action": "cancel_classes", "_selected_action": [cast.session.pk, past.pk, cast.other_session.pk]}
    reply = signed_in(cast, "ben").post(reverse("admin:clubs_groupsession_changelist"), body, follow=True)
    content = reply.content.decode()
    assert "Morning yoga: cancelled." in content
    assert "Past: This class is over." in content
    assert [*GroupSession.objects.filter(status=SessionStatus.CANCELLED)] == [cast.session]


def club_form(cast: Cast, **changes: object) -> dict[str, Any]:
    rows = Membership.objects.filter(club=cast.club, left_at=None).order_by("joined_at", "pk")
    form: dict[str, Any] = {
        "name": "Harbour Club",
        "description": "",
        "join_policy": "open",
        "time_zone": "UTC",
        "memberships-TOTAL_FORMS": rows.count(),
        "memberships-INITIAL_FORMS": rows.count(),
    }
    for number, row in enumerate(rows):
        form[f"memberships-{number}-id"] = row.pk
        form[f"memberships-{number}-club"] = cast.club.pk
        form[f"memberships-{number}-role"] = row.role
    return {**form, **changes}


def test_owner_changes_club_and_roles(cast: Cast) -> None:
    url = reverse("admin:clubs_club_change", args=[cast.club.pk])
    form = club_form(cast, name="New name", **{"memberships-2-role": "instructor"})
    assert signed_in(cast, "ana").post(url, form).status_code == 302
    assert Club.objects.get(pk=cast.club.pk).name == "New name"
    assert Membership.objects.get(club=cast.club, user=cast.cleo).role == Role.INSTRUCTOR


def test_owner_removes_a_member_through_the_domain(cast: Cast) -> None:
    url = reverse("admin:clubs_club_change", args=[cast.club.pk])
    signed_in(cast, "ana").post(url, club_form(cast, **{"memberships-2-DELETE": "on"}))
    assert Membership.objects.get(club=cast.club, user=cast.cleo).left_at is not None


def test_last_owner_stays_also_here(cast: Cast) -> None:
    url = reverse("admin:clubs_club_change", args=[cast.club.pk])
    form = club_form(cast, name="Half saved", **{"memberships-0-role": "member"})
    reply = signed_in(cast, "ana").post(url, form, follow=True)
    assert "A club needs an owner." in reply.content.decode()
    assert Club.objects.get(pk=cast.club.pk).name == "Harbour Club"


def test_instructor_looks_at_the_club_only(cast: Cast) -> None:
    url = reverse("admin:clubs_club_change", args=[cast.club.pk])
    client = signed_in(cast, "ben")
    assert client.get(url).status_code == 200
    assert client.post(url, club_form(cast, name="Taken over")).status_code == 403
    assert Club.objects.get(pk=cast.club.pk).name == "Harbour Club"


def test_adding_a_club_founds_it(cast: Cast) -> None:
    form = {"name": "Third", "description": "", "join_policy": "open", "time_zone": "UTC"}
    assert signed_in(cast, "ben").post(reverse("admin:clubs_club_add"), form).status_code == 302
    assert Membership.objects.get(club__slug="third").role == Role.OWNER


def test_operator_freezes_a_person(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    from clubs.signals import membership_ended

    heard: list[Membership] = []

    def hear(membership: Membership, **kwargs: object) -> None:
        heard.append(membership)

    membership_ended.connect(hear)
    plain = make_token(cast.cleo)
    client = signed_in(cast, "op")
    body = {"action": "freeze", "_selected_action": [cast.cleo.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:accounts_user_changelist"), body)
    membership_ended.disconnect(hear)
    assert tokens.find(plain) is None
    assert [membership.user for membership in heard] == [cast.cleo]


def test_only_the_admin_may_evaluate(cast: Cast) -> None:
    client = signed_in(cast, "ana")
    policy = client.get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy + ";"
    assert "unsafe" not in client.get("/accounts/email/", follow=True)["Content-Security-Policy"]
