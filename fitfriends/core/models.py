"""Base models that every app shares."""

from django.db import models

from fitfriends.core import clock


class Dated(models.Model):
    """Knows when it came and when it changed."""

    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
