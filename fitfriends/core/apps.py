from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "fitfriends.core"
    label = "core"

    def ready(self) -> None:
        from fitfriends import celery  # noqa: F401 -- the application that shared tasks belong to
        from fitfriends.core import checks, converters  # noqa: F401 -- registers checks and path converters
