from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "fitfriends.core"
    label = "core"

    def ready(self) -> None:
        from fitfriends.core import checks  # noqa: F401 -- registers the system checks
