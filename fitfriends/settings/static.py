"""Where static files come from: sources as they are in development, bundles with hashed names everywhere else."""

import sys

from whitenoise.compress import Compressor

from fitfriends.core import env
from fitfriends.settings.paths import BASE_DIR, STATE_DIR

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(STATE_DIR / "static"), meaning="Where collectstatic puts files for nginx.")
FRONTEND_SOURCES = BASE_DIR / "static"
FRONTEND_BUILD = STATE_DIR / "frontend"  # what esbuild made, on its way to STATIC_ROOT
STATICFILES_DIRS = [FRONTEND_SOURCES]
STATICFILES_FINDERS = [
    "fitfriends.frontend.finders.SiteFiles",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_FROM_SOURCES = env.switch(
    "STATIC_FROM_SOURCES",
    default="runserver" in sys.argv,
    meaning="Serve scripts and styles as they are written, without a build. `runserver` does.",
)
SOURCES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
BUILT = {"BACKEND": "fitfriends.frontend.storage.HashedFiles"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": SOURCES if STATIC_FROM_SOURCES else BUILT,
}
# WhiteNoise serves where no nginx stands in front.
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCES
WHITENOISE_AUTOREFRESH = STATIC_FROM_SOURCES
WHITENOISE_MAX_AGE = 0  # what has no hash in its name is asked for again, so that an update shows at once
# Django's hash, or esbuild's; nginx has the same pattern.
WHITENOISE_IMMUTABLE_FILE_TEST = r"(\.[0-9a-f]{12}|-[A-Z2-7]{8})\.[a-z0-9]+(\.map)?$"
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
