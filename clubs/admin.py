"""Clubs and classes in the admin: operators see all, owners and instructors what is their clubs'."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from unfold.admin import TabularInline

from accounts.domain.access import Viewer
from accounts.models import User
from clubs.domain import access, clubs, memberships, sessions
from clubs.enums import JoinPolicy, Role
from clubs.models import Club, GroupSession, Membership
from clubs.scoped_admin import ScopedAdmin, actor_of
from fitfriends.core.admin import admit

__all__ = ["ClubAdmin", "GroupSessionAdmin", "ScopedAdmin"]

admit(access.may_enter_admin)


class MembershipInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Who is in the club. People join or are invited; here an owner changes a role or ends a membership."""

    model = Membership
    fields = ("user", "role", "joined_at")
    readonly_fields = ("user", "joined_at")
    extra = 0
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows: QuerySet[Membership] = super().get_queryset(request)
        return rows.filter(left_at=None).select_related("user", "club").order_by("joined_at", "pk")

    def has_view_permission(self, request: HttpRequest, obj: Club | None = None) -> bool:  # noqa: ARG002
        return True

    def has_change_permission(self, request: HttpRequest, obj: Club | None = None) -> bool:
        return obj is not None and access.may_manage_club(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Club | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Club | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Club)
class ClubAdmin(ScopedAdmin):
    list_display = ("name", "join_policy", "people", "time_zone", "created_at")
    list_filter = ("join_policy",)
    search_fields = ("name",)
    ordering = ("name", "pk")
    fields = ("name", "description", "join_policy", "time_zone")
    inlines = (MembershipInline,)

    def rows_for(self, user: Viewer) -> QuerySet[Club]:
        return Club.objects.staffed_by(user).described_for(user)

    def may_change(self, user: Viewer, obj: Club) -> bool:
        return access.may_manage_club(user, obj)

    def may_add(self, user: Viewer) -> bool:
        return user.is_authenticated

    def get_inlines(self, request: HttpRequest, obj: Club | None) -> tuple[type[Any], ...]:  # noqa: ARG002
        return self.inlines if obj else ()

    @admin.display(description="people", ordering="member_count")
    def people(self, club: Any) -> int:
        return int(club.member_count)

    def save_model(self, request: HttpRequest, obj: Club, form: ModelForm[Club], change: bool) -> None:  # noqa: FBT001
        given = {name: form.cleaned_data[name] for name in self.fields}
        given["join_policy"] = JoinPolicy(given["join_policy"])
        if change:
            clubs.change(Club.objects.get(pk=obj.pk), actor=actor_of(request), **given)
        else:
            obj.pk = clubs.found(actor=actor_of(request), **given).pk
        obj.refresh_from_db()

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm[Club],  # noqa: ARG002 -- Django's signature
        formset: BaseInlineFormSet[Membership, Club, ModelForm[Membership]],
        change: bool,  # noqa: ARG002, FBT001 -- Django's signature
    ) -> None:
        formset.save(commit=False)
        for membership, _ in formset.changed_objects:
            row = Membership.objects.get(pk=membership.pk)
            memberships.set_role(row, actor=actor_of(request), role=Role(membership.role))
        for membership in formset.deleted_objects:
            memberships.remove(membership, actor=actor_of(request))


def teachers_for(user: Viewer) -> QuerySet[User]:
    """Whom this person may name as instructor: themselves, and who teaches in the clubs they own."""
    staff = Membership.objects.active().staff().filter(club__in=Club.objects.managed_by(user))
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=staff.values("user_id")), is_active=True)


@admin.register(GroupSession)
class GroupSessionAdmin(ScopedAdmin):
    """Classes. Streaming adds its inline to `inlines`."""

    list_display = ("title", "club", "instructor", "starts_at", "duration_minutes", "places", "status")
    list_filter = ("status", ("club", admin.RelatedOnlyFieldListFilter), "starts_at")
    search_fields = ("title",)
    ordering = ("-starts_at", "-pk")
    date_hierarchy = "starts_at"
    fields = (
        ("title", "club"),
        "description",
        ("instructor", "status"),
        ("starts_at", "time_zone"),
        ("duration_minutes", "capacity"),
    )
    readonly_fields = ("status",)
    actions = ("cancel_classes",)
    inlines: tuple[type[Any], ...] = ()
    choices_for = {"club": Club.objects.staffed_by, "instructor": teachers_for}
    _given = ("title", "description", "instructor", "starts_at", "time_zone", "duration_minutes", "capacity")

    def rows_for(self, user: Viewer) -> QuerySet[GroupSession]:
        rows = GroupSession.objects.filter(club__in=Club.objects.staffed_by(user))
        return rows.described_for(user)

    def may_change(self, user: Viewer, obj: GroupSession) -> bool:
        return access.may_manage_session(user, obj)

    def may_add(self, user: Viewer) -> bool:
        return Club.objects.staffed_by(user).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: GroupSession | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("status", "club") if obj else ("status",)

    def get_inlines(self, request: HttpRequest, obj: GroupSession | None) -> tuple[type[Any], ...]:  # noqa: ARG002
        return self.inlines if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return {"instructor": request.user.pk, **given}

    @admin.display(description="taken")
    def places(self, session: Any) -> str:
        return f"{session.participant_count} of {session.capacity or 'any'}"

    def save_model(
        self,
        request: HttpRequest,
        obj: GroupSession,
        form: ModelForm[GroupSession],
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        given = {name: form.cleaned_data[name] for name in self._given if name in form.cleaned_data}
        if change:
            sessions.change(GroupSession.objects.get(pk=obj.pk), actor=actor_of(request), **given)
        else:
            obj.pk = sessions.schedule(form.cleaned_data["club"], actor=actor_of(request), **given).pk
        obj.refresh_from_db()

    @admin.action(description="Cancel the selected classes", permissions=["change"])
    def cancel_classes(self, request: HttpRequest, queryset: QuerySet[GroupSession]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda row: sessions.cancel(row, actor=actor), "cancelled.")
