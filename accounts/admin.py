"""People and their tokens, for operators: to look at, to freeze, to revoke."""

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.domain import freezing, tokens
from accounts.models import ApiToken, User
from fitfriends.core import errors
from fitfriends.core.admin import ModelAdmin

# Rights come from memberships; addresses are confirmed by their owners.
for model in (Group, EmailAddress):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class OperatorsAdmin(ModelAdmin):
    """Rows that operators alone may see, and that nobody writes by a form."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return self.has_module_permission(request)

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False


@admin.register(User)
class UserAdmin(OperatorsAdmin):
    list_display = ("display_name", "email", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("display_name", "email")
    ordering = ("-pk",)
    fields = ("display_name", "email", "time_zone", "is_active", "is_staff", "date_joined", "last_login")
    actions = ("freeze", "thaw")

    @admin.action(description="Freeze the selected people", permissions=["view"])
    def freeze(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            try:
                freezing.freeze(user, actor=request.user)  # type: ignore[arg-type]  # the site lets nobody else in
            except errors.DomainError as error:
                self.message_user(request, f"{user}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{user}: frozen.", messages.SUCCESS)

    @admin.action(description="Thaw the selected people", permissions=["view"])
    def thaw(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            freezing.thaw(user)
            self.message_user(request, f"{user}: may sign in again.", messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(OperatorsAdmin):
    list_display = ("prefix", "name", "user", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("prefix", "user__email")
    ordering = ("-pk",)
    fields = ("prefix", "name", "user", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @admin.action(description="Revoke the selected tokens", permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset.select_related("user"):
            tokens.revoke(token, actor=token.user)
            self.message_user(request, f"{token}: revoked.", messages.SUCCESS)
