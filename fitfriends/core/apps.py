"""The core as an app, and our admin site as the one that `admin.site` means."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CoreConfig(AppConfig):
    name = "fitfriends.core"
    label = "core"

    def ready(self) -> None:
        from fitfriends import celery  # noqa: F401 -- the application that shared tasks belong to
        from fitfriends.core import checks, converters, receivers  # noqa: F401 -- registers them


class SiteAdminConfig(AdminConfig):
    default_site = "fitfriends.core.admin.Site"
