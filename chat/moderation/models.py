"""What members report, and what became of it."""

from django.conf import settings
from django.db import models

from chat.moderation.enums import COMPLAINT_CHARACTERS, NOTE_CHARACTERS, About, ReportState, Verdict, Why
from clubs.models import Club
from fitfriends.core import clock
from streaming.models import Stream


class Report(models.Model):
    """A message or a person that somebody reported: one row for all who did, until it is closed.

    `state` is written by domain/reports.py alone. What was said is kept with each Complaint, so that deleting or
    forgetting the message changes nothing here.
    """

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="chat_reports")
    stream = models.ForeignKey(Stream, on_delete=models.SET_NULL, null=True, related_name="+")
    class_title = models.CharField(max_length=120)
    about = models.CharField(max_length=10, choices=About.choices)
    subject = models.CharField(max_length=60, help_text="What it is about, the same for all who report it.")
    message = models.ForeignKey("chat.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    target = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    target_name = models.CharField(max_length=60)
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
    """One person's word about it, and what they saw. `evidence` has the shape of domain/evidence.py's Evidence."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="complaints")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reporter_name = models.CharField(max_length=60)
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
    """What those who keep order tell each other about it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=60)
    words = models.TextField(max_length=NOTE_CHARACTERS)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Note of {self.author_name}"
