"""One person's watching of one stream, as later numbers need it. The address is never kept."""

from django.conf import settings
from django.db import models

from fitfriends.core import clock
from streaming.enums import Device
from streaming.models.stream import Stream


class Viewing(models.Model):
    """A person's visit: a return within the same class continues the same row."""

    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="viewings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="viewings")
    joined_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)
    seconds_watched = models.PositiveIntegerField(default=0)
    device = models.CharField(max_length=10, choices=Device.choices, default=Device.OTHER)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 code; empty when not known.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "user"], name="streaming_one_viewing_a_person")]
        indexes = [models.Index(fields=["stream", "last_seen_at"], name="streaming_viewing_seen")]

    def __str__(self) -> str:
        return f"Viewing of {self.stream_id} by {self.user_id}"
