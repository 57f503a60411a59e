"""The composition root: what runs, with which settings, behind which doors."""

from fitfriends.celery import app as celery_app

__all__ = ["celery_app"]
