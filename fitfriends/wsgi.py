"""The site, the API, the admin and the ingest hooks, on WSGI."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fitfriends.settings.prod")

application = get_wsgi_application()

import fitfriends.urls  # noqa: E402, F401 -- loads what the first request would

# What is loaded stays: the collector need not walk it again and again while requests wait.
gc.collect()
gc.freeze()
