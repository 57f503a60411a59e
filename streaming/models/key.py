"""The stream key: encrypted, found by a keyed digest."""

from django.conf import settings
from django.db import models

from fitfriends.core.models import Dated
from streaming.models.stream import Stream


class StreamKey(Dated):
    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="key")
    # Whom it was made for: when the class gets another instructor, the old one's key opens nothing.
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    encrypted = models.TextField(editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"Key of {self.stream}"
