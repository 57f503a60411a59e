"""Shapes of the API of reports, one per direction."""

from typing import Any

from rest_framework import serializers

from accounts.domain.access import Viewer
from chat.enums import MINUTES
from chat.limits import BIGGEST_ID, COMPLAINT_CHARACTERS, NOTE_CHARACTERS
from chat.models import Complaint, Report, ReportNote
from chat.moderation.enums import ReportState, Verdict, Why
from chat.moderation.reports import outcomes as report_outcomes


def _id() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=BIGGEST_ID, required=False)


class ReportIn(serializers.Serializer[Any]):
    """A message of the room, or a person of its club."""

    message_id = _id()
    user_id = _id()
    why = serializers.ChoiceField(choices=Why.choices)
    words = serializers.CharField(max_length=COMPLAINT_CHARACTERS, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("message_id" in attrs) == ("user_id" in attrs):
            raise serializers.ValidationError({"message_id": ["Either message_id or user_id."]})
        return attrs


class ReportedOut(serializers.ModelSerializer[Complaint]):
    """What its reporter gets: their own words, nothing of others."""

    class Meta:
        model = Complaint
        fields = ["id", "why", "words", "at"]
        read_only_fields = fields


class QueueQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=ReportState.choices, required=False, help_text="Without it: all that are not closed."
    )


class ReportOut(serializers.ModelSerializer[Report]):
    complaint_count = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            "id",
            "about",
            "state",
            "stream_id",
            "class_title",
            "message_id",
            "target_id",
            "target_name",
            "opened_at",
            "taken_by_id",
            "taken_at",
            "outcome",
            "closed_by_id",
            "closed_at",
            "complaint_count",
        ]
        read_only_fields = fields

    def get_complaint_count(self, report: Report) -> int:
        return report.complaints.count()


class LineOut(serializers.Serializer[Any]):
    """A message as it stood when it was reported, with its words also when it was deleted."""

    id = serializers.IntegerField()
    seq = serializers.IntegerField()
    user_id = serializers.IntegerField(allow_null=True)
    username = serializers.CharField()
    role = serializers.CharField()
    message = serializers.CharField()
    at = serializers.IntegerField(help_text="Milliseconds since 1970.")
    deleted = serializers.BooleanField()


class EvidenceOut(serializers.Serializer[Any]):
    room_id = serializers.CharField()
    said = LineOut(allow_null=True, help_text="Null for a report about a person.")
    around = LineOut(many=True)


class ComplaintOut(serializers.ModelSerializer[Complaint]):
    evidence = EvidenceOut()

    class Meta:
        model = Complaint
        fields = ["id", "reporter_id", "reporter_name", "why", "words", "at", "evidence"]
        read_only_fields = fields


class NoteOut(serializers.ModelSerializer[ReportNote]):
    class Meta:
        model = ReportNote
        fields = ["id", "author_id", "author_name", "words", "at"]
        read_only_fields = fields


class FullReportOut(ReportOut):
    """For those who handle it."""

    complaints = ComplaintOut(many=True)
    notes = NoteOut(many=True)
    outcomes = serializers.SerializerMethodField(help_text="What it may be closed with.")

    class Meta(ReportOut.Meta):
        fields = [*ReportOut.Meta.fields, "complaints", "notes", "outcomes"]
        read_only_fields = fields

    def get_outcomes(self, report: Report) -> list[str]:
        user: Viewer = self.context["user"]
        return [str(outcome) for outcome in report_outcomes.offered(report, user=user)]


class NoteIn(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=NOTE_CHARACTERS)


class CloseIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Verdict.choices)
    minutes = serializers.ChoiceField(choices=MINUTES, required=False, allow_null=True, help_text="Of a time_out.")
    words = serializers.CharField(max_length=NOTE_CHARACTERS, required=False, allow_blank=True, default="")
