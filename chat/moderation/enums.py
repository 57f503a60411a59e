"""Words of what is reported."""

from django.db.models import TextChoices


class Why(TextChoices):
    """What a reporter says is wrong; free words may follow."""

    MEAN = "mean", "It is mean or insulting"
    HATE = "hate", "It hurts a group of people"
    SEXUAL = "sexual", "It is sexual"
    BODY = "body", "It comments on somebody's body"
    PRIVATE = "private", "It tells what is private"
    SPAM = "spam", "It is advertising"
    DANGER = "danger", "Somebody may be in danger"
    OTHER = "other", "Something else"


class About(TextChoices):
    MESSAGE = "message", "A message"
    PERSON = "person", "A person"


class ReportState(TextChoices):
    OPEN = "open", "New"
    IN_REVIEW = "in_review", "Being looked at"
    CLOSED = "closed", "Closed"


class Verdict(TextChoices):
    """What came of a report. Those that act do so through moderation/actions.py."""

    NO_ACTION = "no_action", "No action"
    WARNED = "warned", "A word to the person"
    MESSAGE_DELETED = "message_deleted", "Message deleted"
    TIME_OUT = "time_out", "Time-out"
    BAN_CLASS = "ban_class", "Banned from this class"
    BAN_CLUB = "ban_club", "Banned from the club"
