"""The instructor's studio: her classes, and one class's stream, key, doors and people."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.domain.access import require
from accounts.models import User
from chat.moderation.enums import Why
from clubs.enums import SessionStatus
from clubs.models import Club, GroupSession
from fitfriends.core import clock, errors
from fitfriends.pages import forms
from fitfriends.pages.class_cards import cards
from fitfriends.pages.decorators import action, back, page
from streaming.domain import access, addresses, deadlines, lifecycle, scheduling
from streaming.domain.ingest import keys, takeover
from streaming.domain.signal import timeline
from streaming.domain.watching import presence
from streaming.enums import Mode, Quality, State
from streaming.models import Stream

PAST = 12
_WORDS = {
    State.SCHEDULED: ("Not on air", "Connect your camera. You see your picture here first; nobody else does."),
    State.PREVIEW: ("Preview", "Only you see this. Open the doors when you are ready."),
    State.STARTING: ("The doors are open", "Your members wait for your picture. Start your camera now."),
    State.LIVE: ("Live", "Your members see you. End the class when you are done."),
    State.INTERRUPTED: ("Signal lost", "We hold the class for you: reconnect in OBS, and everybody is still here."),
}


@dataclass(frozen=True, slots=True)
class StudioContext:
    """A class that this person runs, with its open stream and the last one that ended."""

    session: GroupSession
    stream: Stream | None
    ended: Stream | None


@page
def studio_list(request: HttpRequest, user: User) -> HttpResponse:
    """For those who teach somewhere; to others there is no studio."""
    sessions = GroupSession.objects.managed_by(user)
    if not Club.objects.staffed_by(user).exists():
        raise errors.NotFound
    at = clock.now()
    recent = cards(user, sessions.filter(starts_at__gte=at - timedelta(hours=12)).order_by("starts_at")[:50])
    older = cards(user, sessions.filter(starts_at__lt=at - timedelta(hours=12)).order_by("-starts_at")[:PAST])
    over = [card for card in reversed(recent) if card.is_over or card.is_cancelled]
    context = {
        "coming": [card for card in recent if not card.is_over and not card.is_cancelled],
        "past": [*over, *older][:PAST],
    }
    return render(request, "pages/studio_list.html", context)


def studio_for(user: User, session_id: int) -> StudioContext:
    """NotFound for whoever does not run the class, members included."""
    session = GroupSession.objects.managed_by(user).select_related("club", "instructor").filter(pk=session_id).first()
    if session is None:
        raise errors.NotFound
    streams = Stream.objects.select_related("group_session").filter(group_session=session)
    return StudioContext(
        session,
        streams.open().first(),
        streams.filter(state=State.ENDED).order_by("-ended_at").first(),
    )


@page
def studio_class(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    return _studio_page(request, user, studio_for(user, session_id))


@page
def instructor_view(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    """Questions, hands and the poll, to be read from three metres."""
    studio = studio_for(user, session_id)
    if studio.stream is None:
        return redirect("studio-class", session_id=session_id)
    viewers = presence.viewer_count(studio.stream.room_id)
    context = {"session": studio.session, "stream": studio.stream, "viewer_count": viewers}
    return render(request, "pages/studio_instructor_view.html", context)


@action
def create(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    studio = studio_for(user, session_id)
    form = forms.NewStream(request.POST)
    if not form.is_valid():
        return _new_page(request, studio, form, status=400)
    require(access.may_schedule(user, studio.session))
    given = form.cleaned_data
    scheduling.create(
        studio.session,
        actor=user,
        title=given["stream_title"],
        description=given["stream_description"],
        max_viewers=given["max_viewers"],
        quality=Quality(given["stream_quality"]),
        mode=Mode(given["mode"]),
    )
    messages.success(request, "The stream is set up. Connect your camera next.")
    return redirect("studio-class", session_id=session_id)


@action
def start(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    lifecycle.start(_stream_to_run(user, session_id), actor=user)
    messages.success(request, "The doors are open.")
    return redirect("studio-class", session_id=session_id)


@action
def end(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    lifecycle.end(_stream_to_run(user, session_id), actor=user)
    messages.success(request, "The class is over. Thank you for teaching it.")
    return redirect("studio-class", session_id=session_id)


@action
def set_mode(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    stream = _stream_to_run(user, session_id)
    given = forms.StreamMode(request.POST)
    if not given.is_valid():
        raise errors.Invalid("Choose Broadcast or Interactive.")
    changed = scheduling.change(stream, actor=user, mode=Mode(given.cleaned_data["mode"]))
    messages.success(request, f"The class is {Mode(changed.mode).label.lower()} now.")
    return redirect("studio-class", session_id=session_id)


@action
def take_over(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    takeover.allow(_stream_to_run(user, session_id), actor=user)
    minutes = takeover.SECONDS // 60
    messages.success(request, f"Start the other device within {minutes} minutes, with the same key.")
    return redirect("studio-class", session_id=session_id)


@action
def show_key(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    """The page with the key on it; each showing is on record."""
    studio = studio_for(user, session_id)
    if studio.stream is None:
        return redirect("studio-class", session_id=session_id)
    require(access.may_see_key(user, studio.stream), message="The key is its instructor's alone.")
    return _studio_page(request, user, studio, key=keys.reveal(studio.stream, actor=user))


@action
def rotate_key(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    stream = _stream_to_run(user, session_id)
    require(access.may_see_key(user, stream), message="The key is its instructor's alone.")
    keys.rotate(stream, actor=user)
    messages.success(request, "There is a new key. Show it, and put it into your encoder.")
    return back(request, reverse("studio-class", args=[session_id]))


def _stream_to_run(user: User, session_id: int) -> Stream:
    studio = studio_for(user, session_id)
    if studio.stream is None:
        raise errors.Conflict("This class has no open stream. Set one up first.")
    require(access.may_run(user, studio.stream))
    return studio.stream


def _new_page(
    request: HttpRequest, studio: StudioContext, form: forms.NewStream | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "session": studio.session,
        "ended": studio.ended,
        "form": form or forms.NewStream(initial={"stream_title": studio.session.title}),
        "too_late": deadlines.hard_stop_at(studio.session) <= clock.now(),
        "cancelled": studio.session.status == SessionStatus.CANCELLED,
    }
    return render(request, "pages/studio_new.html", context, status=status)


def _studio_page(request: HttpRequest, user: User, studio: StudioContext, *, key: str = "") -> HttpResponse:
    stream = studio.stream
    if stream is None:
        return _new_page(request, studio)
    title, next_step = _WORDS[State(stream.state)]
    context = {
        "session": studio.session,
        "stream": stream,
        "state": stream.state,
        "words": {"title": title, "next": next_step, "clock": "Starts at"},
        "moments": timeline.of_stream(stream),
        "viewer_count": presence.viewer_count(stream.room_id),
        "can_start": stream.state in (State.SCHEDULED, State.PREVIEW),
        "can_end": stream.state != State.SCHEDULED,
        "may_see_key": access.may_see_key(user, stream),
        "rtmp_server": settings.RTMP_PUBLIC_URL,
        "whip_url": addresses.whip(stream.room_id),
        "key": key,
        "report_reasons": Why.choices,
        "ingest_url": addresses.rtmp(key) if key else "",
    }
    return render(request, "pages/studio.html", context)
