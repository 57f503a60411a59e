"""What somebody was told, and what they want to be told by which channel."""

from django.conf import settings
from django.db import models

from fitfriends.core.models import Dated
from notifications.enums import Channel


class Notification(Dated):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    # A Kind. Not as choices: a new kind needs no migration.
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True, help_text="A path on this site.")
    # One notification per person and occasion, however often the occasion is reported.
    occasion = models.CharField(max_length=120)
    # What the person's preferences said when it happened; both off leaves no row.
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "occasion"], name="notifications_once_per_occasion")]
        indexes = [models.Index(fields=["user", "read_at"], name="notifications_unread")]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """A row is an opinion; without one, the default of the kind counts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)  # a Kind
    channel = models.CharField(max_length=20, choices=Channel.choices)
    enabled = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="notifications_one_opinion")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {'on' if self.enabled else 'off'}"
