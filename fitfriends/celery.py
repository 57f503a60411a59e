"""The Celery application: two queues, early acknowledgement, JSON only.

Two queues: `media` for the long task that carries a live run, `default` for everything else.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fitfriends.settings.demo")

app = Celery("fitfriends")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
