"""unfold's ModelAdmin, as Django 6.1 wants it."""

from typing import Any

from django.contrib.admin import ModelAdmin as DjangosModelAdmin
from django.contrib.admin.options import ActionLocation
from django.http import HttpRequest
from unfold.admin import ModelAdmin as UnfoldsModelAdmin


class ModelAdmin(UnfoldsModelAdmin):  # type: ignore[misc]  # unfold ships no types
    # unfold 0.110 overrides this without `action_location`, which Django 6.1 warns of (2026-11).
    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: Any = None,  # noqa: ARG002 -- Django's signature
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        choices: list[tuple[str, str]] = DjangosModelAdmin.get_action_choices(
            self, request, [("", "Select action")], action_location
        )
        return choices
