"""Files collected once, as a deploy does, and pages that ask for them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import Settings

from fitfriends.settings import static


@dataclass(frozen=True, slots=True)
class Collected:
    root: Path
    build: Path

    def settings(self) -> dict[str, object]:
        return {
            "STATIC_ROOT": str(self.root),
            "FRONTEND_BUILD": self.build,
            "STORAGES": {"default": static.STORAGES["default"], "staticfiles": static.BUILT},
            "WHITENOISE_USE_FINDERS": False,
            "WHITENOISE_AUTOREFRESH": False,
        }

    def collect(self) -> None:
        with override_settings(**self.settings()):
            call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("collected")
    found = Collected(folder / "static", folder / "frontend")
    found.collect()
    return found


@pytest.fixture
def built_site(collected: Collected, settings: Settings) -> Collected:
    """Pages name what was collected, and WhiteNoise serves it."""
    for name, value in collected.settings().items():
        setattr(settings, name, value)
    return collected
