"""Reporting from a page of its own: after the class, and without a script."""

from django import forms as django_forms
from django.contrib import messages as notices
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from chat.domain import messages, rooms
from chat.limits import COMPLAINT_CHARACTERS
from chat.models import Message, Room
from chat.moderation import actions, reports
from chat.moderation.enums import Why
from clubs.models import GroupSession
from fitfriends.core import errors
from fitfriends.pages import forms
from fitfriends.pages.class_cards import latest_streams
from fitfriends.pages.classes import session_for
from fitfriends.pages.decorators import for_person

SHOWN = 60
SHOWN_CHARACTERS = 120


class ComplaintForm(django_forms.Form):
    """`about`: `message:<id>` or `person:<id>` of those that the page offers."""

    about = django_forms.ChoiceField(
        widget=django_forms.RadioSelect,
        label="What is it about?",
        error_messages={"required": "Choose a message or a person.", "invalid_choice": "Choose one of these."},
    )
    why = django_forms.ChoiceField(choices=[("", "Choose"), *Why.choices], label="What is wrong?")
    words = django_forms.CharField(
        max_length=COMPLAINT_CHARACTERS,
        required=False,
        label="Tell us more",
        help_text="Moderators of the club read it. The person is not told who reported.",
        widget=django_forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, choices: list[tuple[str, str]], *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # the data of the request, if any
        field = self.fields["about"]
        assert isinstance(field, django_forms.ChoiceField)  # noqa: S101 -- narrows for the type checker
        field.choices = choices


@require_http_methods(["GET", "POST"])
@for_person
def report_page(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    """What others said last in this class, and who they are; NotFound before there is a talk."""
    session = session_for(user, session_id)
    stream = latest_streams([session.pk]).get(session.pk)
    if stream is None:
        raise errors.NotFound
    room = rooms.find(stream.room_id)
    choices = _choices(room, user)
    if request.method == "GET":
        return _page(request, session, ComplaintForm(choices))
    form = ComplaintForm(choices, request.POST)
    if not form.is_valid():
        return _page(request, session, form, status=400)
    try:
        _file(room, user, form)
    except errors.DomainError as error:
        forms.add_faults(form, error)
        return _page(request, session, form, status=400)
    notices.success(request, "Thank you. The moderators look at it, and we tell you what came of it.")
    return redirect("class", session_id=session_id)


def _file(room: Room, user: User, form: ComplaintForm) -> None:
    given = form.cleaned_data
    kind, _, key = given["about"].partition(":")
    why, words = Why(given["why"]), given["words"]
    if kind == "message":
        reports.report_message(messages.find(int(key)), reporter=user, why=why, words=words)
    else:
        person = actions.find_person(room, int(key))
        reports.report_person(room, user=person, reporter=user, why=why, words=words)


def _choices(room: Room, user: User) -> list[tuple[str, str]]:
    """The last messages of others, newest first, then their writers."""
    others = _others(room, user)
    said = [(f"message:{row.pk}", f"{row.author_name}: {_words(row)}") for row in others]
    writers = {row.author_id: row.author_name for row in others if row.author_id is not None}
    return [*said, *((f"person:{key}", f"{name}, the person") for key, name in writers.items())]


def _others(room: Room, user: User) -> QuerySet[Message]:
    return Message.objects.filter(room=room).exclude(author=user).order_by("-seq")[:SHOWN]


def _words(row: Message) -> str:
    if row.deleted_at:
        return "a message that was deleted"
    return row.text if len(row.text) <= SHOWN_CHARACTERS else f"{row.text[:SHOWN_CHARACTERS]}..."


def _page(request: HttpRequest, session: GroupSession, form: ComplaintForm, status: int = 200) -> HttpResponse:
    return render(request, "pages/report_form.html", {"session": session, "form": form}, status=status)
