"""Reports of messages and people: filed by members, taken and closed by moderators, with copies of what was said."""

from chat.moderation.reports.filing import report_message, report_person
from chat.moderation.reports.handling import close, note, put_back, take

__all__ = ["close", "note", "put_back", "report_message", "report_person", "take"]
