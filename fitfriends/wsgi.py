"""The site, the API, the admin and the ingest hooks, on WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fitfriends.settings.prod")

application = get_wsgi_application()
