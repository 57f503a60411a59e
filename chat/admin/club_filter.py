"""A club's chat rules and the messages that wait, in the admin: owners edit the rules of their clubs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.domain.access import Viewer
from chat.domain import club_filter, held
from chat.filter import lists
from chat.models import ClubFilter, HeldMessage
from clubs.domain import access
from clubs.models import Club
from clubs.scoped_admin import ScopedAdmin, actor_of
from streaming.models import Stream


class ClubFilterAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    languages = forms.MultipleChoiceField(
        choices=[(name, name) for name in lists.LANGUAGES], widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = ClubFilter
        fields = ["club", "languages", *club_filter.LISTS, *club_filter.OUTCOMES, *club_filter.LIMITS]


@admin.register(ClubFilter)
class ClubFilterAdmin(ScopedAdmin):
    form = ClubFilterAdminForm
    list_display = ("club", "on_insult", "on_slur", "on_sexual", "on_words", "on_links", "updated_at")
    ordering = ("club__name",)
    choices_for = {"club": Club.objects.managed_by}

    def rows_for(self, user: Viewer) -> QuerySet[ClubFilter]:
        return ClubFilter.objects.filter(club__in=Club.objects.managed_by(user)).select_related("club")

    def may_change(self, user: Viewer, obj: ClubFilter) -> bool:
        return access.may_manage_club(user, obj.club)

    def may_add(self, user: Viewer) -> bool:
        return Club.objects.managed_by(user).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: ClubFilter | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("club",) if obj else ()

    def save_model(self, request: HttpRequest, obj: ClubFilter, form: ClubFilterAdminForm, change: bool) -> None:  # noqa: ARG002, FBT001
        given: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if name != "club"}
        given |= {name: given[name].splitlines() for name in club_filter.LISTS}
        saved = club_filter.change(obj.club, actor=actor_of(request), **given)
        obj.pk = saved.pk
        obj.refresh_from_db()


@admin.register(HeldMessage)
class HeldMessageAdmin(ScopedAdmin):
    """What waits in the rooms of the classes one runs."""

    list_display = ("held_at", "stream_title", "author_name", "text", "reasons", "review", "decided_by")
    list_filter = ("review", "held_at")
    search_fields = ("text", "author_name")
    ordering = ("-pk",)
    actions = ("let_in", "turn_away")

    def rows_for(self, user: Viewer) -> QuerySet[HeldMessage]:
        rows = HeldMessage.objects.filter(room__stream__in=Stream.objects.run_by(user))
        return rows.select_related("author", "decided_by", "message", "room__stream__group_session")

    @admin.display(description="class", ordering="room__stream__title")
    def stream_title(self, waiting: HeldMessage) -> str:
        return waiting.room.stream.title

    @admin.action(description="Let the selected messages in", permissions=["view"])
    def let_in(self, request: HttpRequest, queryset: QuerySet[HeldMessage]) -> None:
        actor = actor_of(request)
        self.report(request, queryset.order_by("pk"), lambda row: held.release(row, actor=actor), "let in.")

    @admin.action(description="Turn the selected messages away", permissions=["view"])
    def turn_away(self, request: HttpRequest, queryset: QuerySet[HeldMessage]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda row: held.reject(row, actor=actor), "turned away.")
