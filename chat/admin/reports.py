"""Reports in the admin: what the queue of the site shows, through the same functions."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.domain.access import Viewer
from chat.models import Complaint, Report, ReportNote
from chat.moderation import reports
from chat.moderation.enums import Verdict
from chat.moderation.reports import queue as report_queue
from clubs.scoped_admin import ScopedAdmin, actor_of


class ComplaintsInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Complaint
    fields = ("at", "reporter_name", "why", "words", "evidence")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:  # noqa: ARG002
        return False

    def has_view_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:  # noqa: ARG002
        return True  # whoever may see the report


class NotesInline(ComplaintsInline):
    model = ReportNote  # type: ignore[assignment]  # another model of the same report
    fields = readonly_fields = ("at", "author_name", "words")  # type: ignore[assignment]  # another model, other columns


@admin.register(Report)
class ReportAdmin(ScopedAdmin):
    """Decided on the site, where the evidence is readable; here operators and owners look, take and leave alone."""

    list_display = (
        "opened_at",
        "club",
        "class_title",
        "about",
        "target_name",
        "complaint_count",
        "state",
        "taken_by",
        "outcome",
    )
    list_filter = ("state", "about", "outcome", "opened_at")
    search_fields = ("target_name", "class_title", "complaints__words")
    ordering = ("-pk",)
    actions = ("take_them", "put_them_back", "leave_alone")
    inlines = (ComplaintsInline, NotesInline)
    fields = (
        "club",
        "class_title",
        "about",
        "target_name",
        "state",
        "opened_at",
        "taken_by",
        "taken_at",
        "outcome",
        "closed_by",
        "closed_at",
    )
    readonly_fields = fields

    def rows_for(self, user: Viewer) -> QuerySet[Report]:
        rows = report_queue.handled_by(user).select_related("club", "taken_by", "closed_by", "stream__group_session")
        return rows.annotate(complaint_count=Count("complaints"))

    @admin.display(description="complaints", ordering="complaint_count")
    def complaint_count(self, report: Report) -> int:
        return report.complaints.count()

    @admin.action(description="Take the selected reports", permissions=["view"])
    def take_them(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda report: reports.take(report, actor=actor), "yours to look at.")

    @admin.action(description="Put the selected reports back", permissions=["view"])
    def put_them_back(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda report: reports.put_back(report, actor=actor), "put back.")

    @admin.action(description="Close those you took, without action", permissions=["view"])
    def leave_alone(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        actor = actor_of(request)
        self.report(
            request,
            queryset,
            lambda report: reports.close(report, actor=actor, outcome=Verdict.NO_ACTION),
            "closed; who reported it is told.",
        )
