"""The base of every admin class that a club's staff may use: only their clubs' rows, only what access allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.domain.access import Viewer, signed_in
from accounts.models import User
from fitfriends.core import errors
from fitfriends.core.admin import ModelAdmin


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; the site lets nobody else in."""
    return signed_in(request.user)


class ScopedAdmin(ModelAdmin):
    """A subclass names its rows, its predicate and its choices; saving calls the domain.

    rows_for(user): the queryset of rows that this person may look at.
    may_change(user, obj): the predicate of domain/access.py.
    choices_for: per foreign key, the rows that may be chosen by this person.
    A DomainError while saving becomes a message beside the form; nothing is ever deleted here.
    """

    choices_for: dict[str, Callable[[Viewer], QuerySet[Any]]] = {}

    def rows_for(self, user: Viewer) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(user)  # noqa: SLF001 -- Django's own way
        return rows

    def may_change(self, user: Viewer, obj: Any) -> bool:  # noqa: ARG002 -- for subclasses
        return False

    def may_add(self, user: Viewer) -> bool:  # noqa: ARG002 -- for subclasses
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.rows_for(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.has_permission(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or self.rows_for(request.user).filter(pk=obj.pk).exists()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or self.may_change(request.user, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request) and self.may_add(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any]:
        if db_field.name in self.choices_for:
            kwargs["queryset"] = self.choices_for[db_field.name](request.user)
        field: ModelChoiceField[Any] = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
            return response
        except errors.DomainError as error:  # the transaction of the form is rolled back by now
            words = [error.message, *(word for found in error.fields.values() for word in found)]
            self.message_user(request, " ".join(words), messages.ERROR)
            return redirect(request.get_full_path())

    def report(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], object], done: str) -> None:
        """Runs an action row by row and says of each what came of it."""
        for row in rows:
            try:
                act(row)
            except errors.DomainError as error:
                self.message_user(request, f"{row}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{row}: {done}", messages.SUCCESS)
