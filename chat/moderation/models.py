"""Messages that wait to be let in; what members report, and what became of it."""

from datetime import datetime

from django.conf import settings
from django.db import models

from chat.enums import Review
from chat.limits import (
    CLIENT_ID_CHARACTERS,
    COMPLAINT_CHARACTERS,
    NAME_CHARACTERS,
    NOTE_CHARACTERS,
    ROLE_CHARACTERS,
    STORED_MESSAGE_CHARACTERS,
    TITLE_CHARACTERS,
)
from chat.moderation.enums import About, ReportState, Verdict, Why
from clubs.models import Club
from fitfriends.core import clock
from streaming.models import Stream


class HeldMessage(models.Model):
    """A message that the room has not seen. It has no number, so the talk does not know of it."""

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="held")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="held_messages")
    author_name = models.CharField(max_length=NAME_CHARACTERS)
    author_role = models.CharField(max_length=ROLE_CHARACTERS)
    text = models.TextField(max_length=STORED_MESSAGE_CHARACTERS)
    client_id = models.CharField(max_length=CLIENT_ID_CHARACTERS, null=True, blank=True)
    reasons = models.CharField(max_length=200)
    held_at = models.DateTimeField(default=clock.now)
    # For a message that only waits out the moderation delay: when it is released by itself.
    due_at = models.DateTimeField(null=True, blank=True)
    media_time = models.PositiveBigIntegerField(null=True, blank=True)  # what its sender saw, not who lets it in
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    message = models.ForeignKey("chat.Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "author", "client_id"], name="chat_held_once")]
        indexes = [
            models.Index(fields=["room", "review"], name="chat_held_waiting"),
            models.Index(fields=["due_at"], name="chat_held_due", condition=models.Q(review=Review.WAITING)),
        ]

    def __str__(self) -> str:
        return f"Held message {self.pk}"

    @property
    def sorts(self) -> list[str]:
        """Why it waits: names of enums.Rule, or `delay`."""
        return self.reasons.split()


class ReportQuerySet(models.QuerySet["Report"]):
    def closed_before(self, at: datetime) -> "ReportQuerySet":
        return self.filter(state=ReportState.CLOSED, closed_at__lt=at)


class Report(models.Model):
    """A message or a person that somebody reported: one row for all who did, until it is closed.

    `state` is written by reports/handling.py alone. What was said is kept with each Complaint, so that deleting or
    forgetting the message changes nothing here.
    """

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="chat_reports")
    stream = models.ForeignKey(Stream, on_delete=models.SET_NULL, null=True, related_name="+")
    class_title = models.CharField(max_length=TITLE_CHARACTERS)
    about = models.CharField(max_length=10, choices=About.choices)
    subject = models.CharField(max_length=60, help_text="What it is about, the same for all who report it.")
    message = models.ForeignKey("chat.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    target = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    target_name = models.CharField(max_length=NAME_CHARACTERS)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "subject"],
                condition=~models.Q(state=ReportState.CLOSED),
                name="chat_one_open_report_a_subject",
            )
        ]
        indexes = [models.Index(fields=["club", "state", "-id"], name="chat_reports_of_a_club")]

    def __str__(self) -> str:
        return f"Report {self.pk} about {self.target_name}"


class Complaint(models.Model):
    """One person's word about it, and what they saw. `evidence` has the shape of reports/evidence.py's Evidence."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="complaints")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reporter_name = models.CharField(max_length=NAME_CHARACTERS)
    why = models.CharField(max_length=10, choices=Why.choices)
    words = models.TextField(blank=True, max_length=COMPLAINT_CHARACTERS)
    evidence = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "reporter"], name="chat_reported_once")]
        indexes = [models.Index(fields=["reporter", "at"], name="chat_reports_of_a_person")]

    def __str__(self) -> str:
        return f"{self.get_why_display()} ({self.reporter_name})"


class ReportNote(models.Model):
    """What moderators tell each other about it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=NAME_CHARACTERS)
    words = models.TextField(max_length=NOTE_CHARACTERS)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Note of {self.author_name}"
