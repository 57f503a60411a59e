"""Messages and the log of moderation in the admin; the staff of a club see the rooms of the classes they run."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.domain.access import Viewer
from chat.admin import club_filter, reports  # noqa: F401 -- register their own pages
from chat.domain import messages
from chat.enums import Act
from chat.errors import NoSuchPerson
from chat.models import Action, Message
from chat.moderation import actions
from clubs.models import Club
from clubs.scoped_admin import ScopedAdmin, actor_of
from streaming.models import Stream

ADMIN_MINUTES = 10


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    list_display = ("sent_at", "stream_title", "author_name", "author_role", "text", "deleted_at")
    list_filter = ("author_role", "sent_at")
    search_fields = ("text", "author_name")
    ordering = ("-pk",)
    actions = ("take_back", "restore", "pin", "time_out", "lift_time_out", "ban_class", "ban_club", "lift_bans")

    def rows_for(self, user: Viewer) -> QuerySet[Message]:
        rows = Message.objects.filter(room__stream__in=Stream.objects.run_by(user))
        return rows.select_related("author", "deleted_by", "room__stream__group_session")

    @admin.display(description="class", ordering="room__stream__title")
    def stream_title(self, message: Message) -> str:
        return message.room.stream.title

    @admin.action(description="Take the selected messages back", permissions=["view"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda message: messages.delete(message, actor=actor), "taken back.")

    @admin.action(description="Restore the selected messages", permissions=["view"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda message: messages.restore(message, actor=actor), "restored.")

    @admin.action(description="Pin the selected message", permissions=["view"])
    def pin(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        actor = actor_of(request)
        self.report(request, queryset, lambda message: actions.pin(message, actor=actor), "pinned.")

    @admin.action(description=f"Give the authors a time-out of {ADMIN_MINUTES} minutes", permissions=["view"])
    def time_out(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._act_on_authors(request, queryset, Act.TIME_OUT, "author has a time-out.")

    @admin.action(description="End the authors' time-outs", permissions=["view"])
    def lift_time_out(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._act_on_authors(request, queryset, Act.LIFT_TIME_OUT, "author may write again.")

    @admin.action(description="Ban the authors from the class", permissions=["view"])
    def ban_class(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._act_on_authors(request, queryset, Act.BAN_CLASS, "author is banned from the class.")

    @admin.action(description="Ban the authors from the club", permissions=["view"])
    def ban_club(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._act_on_authors(request, queryset, Act.BAN_CLUB, "author is banned from the club.")

    @admin.action(description="Lift the authors' bans from the class", permissions=["view"])
    def lift_bans(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._act_on_authors(request, queryset, Act.LIFT_BAN_CLASS, "author may come back.")

    def _act_on_authors(self, request: HttpRequest, queryset: QuerySet[Message], act: Act, done: str) -> None:
        actor = actor_of(request)

        def act_on(message: Message) -> None:
            if message.author is None:
                raise NoSuchPerson
            minutes = ADMIN_MINUTES if act == Act.TIME_OUT else None
            actions.act_on(message.room, act, user=message.author, actor=actor, minutes=minutes)

        self.report(request, queryset, act_on, done)


@admin.register(Action)
class ActionAdmin(ScopedAdmin):
    """What moderators did, read-only: operators see all of it, a club's staff that of their club."""

    list_display = ("at", "act", "actor_name", "target_name", "class_title", "club", "reason")
    list_filter = ("act", "at")
    search_fields = ("actor_name", "target_name", "reason")
    ordering = ("-pk",)
    fields = ("at", "act", "actor_name", "target_name", "message", "reason", "details", "class_title", "club")
    readonly_fields = fields

    def rows_for(self, user: Viewer) -> QuerySet[Action]:
        return Action.objects.filter(club__in=Club.objects.staffed_by(user)).select_related("club", "message")
