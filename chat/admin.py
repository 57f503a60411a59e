"""What was said, to look at and take back; the staff of a club see the rooms of the classes they run."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chat import filter_admin, report_admin  # noqa: F401 -- register their own pages
from chat.domain import messages
from chat.models import Action, Message
from clubs.models import Club
from clubs.querysets import Person
from clubs.scoped_admin import ScopedAdmin, actor_of
from streaming.models import Stream


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    list_display = ("sent_at", "stream_title", "author_name", "author_role", "text", "deleted_at")
    list_filter = ("author_role", "sent_at")
    search_fields = ("text", "author_name")
    ordering = ("-pk",)
    actions = ("take_back",)

    def rows_for(self, user: Person) -> QuerySet[Message]:
        rows = Message.objects.filter(room__stream__in=Stream.objects.run_by(user))
        return rows.select_related("author", "deleted_by", "room__stream__group_session")

    @admin.display(description="class", ordering="room__stream__title")
    def stream_title(self, message: Message) -> str:
        return message.room.stream.title

    @admin.action(description="Take the selected messages back", permissions=["view"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda message: messages.delete(message, actor=actor), "taken back.")


@admin.register(Action)
class ActionAdmin(ScopedAdmin):
    """What was done to keep order, to read alone: operators see all, a club's staff what is their club's."""

    list_display = ("at", "act", "actor_name", "target_name", "class_title", "club", "reason")
    list_filter = ("act", "at")
    search_fields = ("actor_name", "target_name", "reason")
    ordering = ("-pk",)
    fields = ("at", "act", "actor_name", "target_name", "message", "reason", "details", "class_title", "club")
    readonly_fields = fields

    def rows_for(self, user: Person) -> QuerySet[Action]:
        return Action.objects.filter(club__in=Club.objects.staffed_by(user)).select_related("club", "message")
