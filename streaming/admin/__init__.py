"""Streams in the admin: staff see their clubs', run what they may run, and schedule beside the class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display

from accounts.domain.access import Viewer, require
from accounts.models import User
from clubs.admin import GroupSessionAdmin
from clubs.enums import SessionStatus
from clubs.models import Club, GroupSession
from clubs.scoped_admin import ScopedAdmin, actor_of
from streaming.admin.health import SignalColumns
from streaming.domain import access, lifecycle, scheduling
from streaming.domain.ingest import keys
from streaming.enums import Mode, Quality, State
from streaming.models import Stream, StreamEvent

_EDITABLE = ("title", "description", "max_viewers", "quality", "mode")
_SIGNAL = ("signal_words", "signal_numbers")
_LABELS = {
    State.LIVE: "success",
    State.STARTING: "info",
    State.PREVIEW: "info",
    State.INTERRUPTED: "warning",
}


def _given(form: ModelForm[Stream]) -> dict[str, Any]:
    given = {name: form.cleaned_data[name] for name in _EDITABLE if name in form.cleaned_data}
    if "quality" in given:
        given["quality"] = Quality(given["quality"])
    if "mode" in given:
        given["mode"] = Mode(given["mode"])
    return given


if TYPE_CHECKING:  # Django's forms take no type arguments while they run
    _StreamForms = BaseInlineFormSet[Stream, GroupSession, ModelForm[Stream]]
else:
    _StreamForms = BaseInlineFormSet


class StreamFormSet(_StreamForms):
    """Saving calls the domain: a stream never comes without its key, nor changes without its log."""

    actor: User

    def save_new(self, form: ModelForm[Stream], commit: bool = True) -> Stream:  # noqa: ARG002, FBT001, FBT002 -- Django's signature
        session = GroupSession.objects.get(pk=self.instance.pk)
        return scheduling.create(session, actor=self.actor, **_given(form))[0]

    def save_existing(self, form: ModelForm[Stream], obj: Stream, commit: bool = True) -> Stream:  # noqa: ARG002, FBT001, FBT002 -- Django's signature
        return scheduling.change(Stream.objects.get(pk=obj.pk), actor=self.actor, **_given(form))


class StreamInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """The class's open stream, or the form for one. The key is in the studio, for its instructor alone."""

    model = Stream
    formset = StreamFormSet
    fields = (*_EDITABLE, "state")
    readonly_fields = ("state",)
    max_num = 1
    extra = 0
    verbose_name = "live stream"
    verbose_name_plural = "live stream"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stream]:
        rows: QuerySet[Stream] = super().get_queryset(request)
        return rows.exclude(state=State.ENDED).order_by("pk")

    def get_formset(
        self, request: HttpRequest, obj: GroupSession | None = None, **kwargs: Any
    ) -> type[StreamFormSet]:
        made: type[StreamFormSet] = super().get_formset(request, obj, **kwargs)
        made.actor = actor_of(request)
        return made

    def has_view_permission(self, request: HttpRequest, obj: GroupSession | None = None) -> bool:  # noqa: ARG002
        return True

    def has_change_permission(self, request: HttpRequest, obj: GroupSession | None = None) -> bool:
        return obj is not None and access.may_schedule(request.user, obj)

    def has_add_permission(self, request: HttpRequest, obj: GroupSession | None = None) -> bool:
        open_for_it = obj is not None and obj.status != SessionStatus.CANCELLED
        return open_for_it and self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: GroupSession | None = None) -> bool:  # noqa: ARG002
        return False


class StreamEventInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """The log, to read."""

    model = StreamEvent
    fields = readonly_fields = ("at", "kind", "from_state", "to_state", "actor", "note")
    extra = 0
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[StreamEvent]:
        rows: QuerySet[StreamEvent] = super().get_queryset(request)
        return rows.select_related("actor").order_by("-pk")

    def has_view_permission(self, request: HttpRequest, obj: Stream | None = None) -> bool:  # noqa: ARG002
        return True

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False


@admin.register(Stream)
class StreamAdmin(SignalColumns, ScopedAdmin):
    list_display = ("title", "club", "instructor", "state_label", "started_at", "ended_at", "end_reason")
    list_filter = ("state", "quality", "mode", "started_at")
    search_fields = ("title", "room_id")
    ordering = ("-pk",)
    fields = (
        "title",
        "description",
        ("max_viewers", "quality", "mode"),
        ("group_session", "room_id"),
        ("state", "end_reason"),
        ("started_at", "ended_at"),
        "signal_note",
        _SIGNAL,
    )
    readonly_fields = (
        *("group_session", "room_id", "state", "end_reason"),
        *("started_at", "ended_at", "signal_note", *_SIGNAL),
    )
    actions = ("start_streams", "end_streams", "cancel_streams", "rotate_keys")
    inlines = (StreamEventInline,)

    def rows_for(self, user: Viewer) -> QuerySet[Stream]:
        rows = Stream.objects.filter(group_session__club__in=Club.objects.staffed_by(user))
        return rows.select_related("group_session__club", "group_session__instructor")

    def may_change(self, user: Viewer, obj: Stream) -> bool:
        return obj.is_open and access.may_run(user, obj)

    @admin.display(ordering="group_session__club__name")
    def club(self, stream: Stream) -> str:
        return str(stream.group_session.club)

    @admin.display(ordering="group_session__instructor__display_name")
    def instructor(self, stream: Stream) -> str:
        return str(stream.group_session.instructor)

    @display(description="state", ordering="state", label=_LABELS)  # type: ignore[untyped-decorator]
    def state_label(self, stream: Stream) -> tuple[str, str]:
        return stream.state, State(stream.state).label

    def get_fields(self, request: HttpRequest, obj: Stream | None = None) -> list[Any]:
        """The signal is the business of those who run the class; colleagues see the rest."""
        fields: list[Any] = [*super().get_fields(request, obj)]
        return fields if obj and access.may_run(request.user, obj) else [item for item in fields if item != _SIGNAL]

    def save_model(self, request: HttpRequest, obj: Stream, form: ModelForm[Stream], change: bool) -> None:  # noqa: ARG002, FBT001 -- Django's signature
        scheduling.change(Stream.objects.get(pk=obj.pk), actor=actor_of(request), **_given(form))
        obj.refresh_from_db()

    def _run(self, request: HttpRequest, rows: QuerySet[Stream], act: Callable[..., object], done: str) -> None:
        """Row by row, and each only for those who run its class: a colleague's is in the list too."""
        actor = actor_of(request)

        def run(stream: Stream) -> None:
            require(access.may_run(actor, stream), message="This class has another instructor.")
            act(stream, actor=actor)

        self.report(request, rows, run, done)

    @admin.action(description="Start the selected streams", permissions=["view"])
    def start_streams(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        self._run(request, queryset, lifecycle.start, "the doors are open.")

    @admin.action(description="End the selected streams", permissions=["view"])
    def end_streams(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        self._run(request, queryset, lifecycle.end, "ended.")

    @admin.action(description="Cancel the selected streams", permissions=["view"])
    def cancel_streams(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        self._run(request, queryset, lifecycle.cancel, "cancelled.")

    @admin.action(description="Change the keys of the selected streams", permissions=["view"])
    def rotate_keys(self, request: HttpRequest, queryset: QuerySet[Stream]) -> None:
        self._run(request, queryset, keys.rotate, "the key is new; its instructor finds it in the studio.")


# The class is where instructors look for its stream.
GroupSessionAdmin.inlines = (*GroupSessionAdmin.inlines, StreamInline)
