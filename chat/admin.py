"""What was said, to look at and take back; staff of a club see their own club's rooms."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from chat.domain import messages as talk
from chat.models import Message
from clubs.domain import access as clubs_access
from fitfriends.core import errors
from fitfriends.core.modeladmin import ModelAdmin
from streaming.models import Stream


@admin.register(Message)
class MessageAdmin(ModelAdmin):
    list_display = ("sent_at", "stream_title", "author_name", "author_role", "text", "deleted_at")
    list_filter = ("author_role", "sent_at")
    list_select_related = ("room__stream", "author")
    search_fields = ("text", "author_name")
    ordering = ("-pk",)
    actions = ("take_back",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        streams = Stream.objects.run_by(request.user)
        found: QuerySet[Message] = super().get_queryset(request)
        return found.filter(room__stream__in=streams)

    # Who enters the admin at all is the site's business; which rows they see is get_queryset's.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active

    def has_view_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:  # noqa: ARG002
        return request.user.is_active

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False

    @admin.display(description="class", ordering="room__stream__title")
    def stream_title(self, message: Message) -> str:
        return message.room.stream.title

    @admin.action(description="Take the selected messages back", permissions=["view"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        for message in queryset.select_related("room__stream__group_session"):
            try:
                talk.delete(message, actor=clubs_access.signed_in(request.user))
            except errors.DomainError as error:
                self.message_user(request, f"{message}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{message}: taken back.", messages.SUCCESS)
