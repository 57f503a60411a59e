"""What was said in a room, the rules it is said by, and what was done to keep them."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db import models

from chat.enums import MASKABLE, UNMASKED, Act, Outcome, Rule
from chat.filter import lists
from chat.interactions.models import Poll, Question, QuestionVote, ReactionCount, Vote
from chat.limits import (
    CLIENT_ID_CHARACTERS,
    LONGEST_DAYS,
    LONGEST_DELAY,
    NAME_CHARACTERS,
    REASON_CHARACTERS,
    ROLE_CHARACTERS,
    SLOWEST_SECONDS,
    STORED_MESSAGE_CHARACTERS,
    TITLE_CHARACTERS,
)
from chat.moderation.models import Complaint, HeldMessage, Report, ReportNote
from clubs.models import Club
from fitfriends.core import clock
from fitfriends.core.models import Dated
from streaming.models import Stream

__all__ = [
    "Action",
    "ClubFilter",
    "Complaint",
    "HeldMessage",
    "Message",
    "Poll",
    "Question",
    "QuestionVote",
    "ReactionCount",
    "Report",
    "ReportNote",
    "Room",
    "Vote",
]


class Room(models.Model):
    """The talk beside one stream; `last_seq` numbers everything that changes what a reader sees.

    The rules of the talk and its time-outs stand in the same row: the statement that takes a message's number returns
    them (domain/rooms.py), so that a message is judged by what was committed before it, without another query.
    """

    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="room")
    last_seq = models.PositiveBigIntegerField(default=0)
    slow_seconds = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(SLOWEST_SECONDS)])
    established_days = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(LONGEST_DAYS)])
    links = models.BooleanField(default=True)
    emoji_only = models.BooleanField(default=False)
    frozen = models.BooleanField(default=False)
    delay_seconds = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(LONGEST_DELAY)])
    # {"<user id>": milliseconds since 1970 until which this person may not write}
    timeouts = models.JSONField(default=dict, blank=True)
    pinned = models.ForeignKey("Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"Talk beside {self.stream}"


class Message(models.Model):
    """A message. Deleting it keeps the row, clears what readers get, and gives it a new number in `changed_seq`."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveBigIntegerField()
    changed_seq = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="chat_messages"
    )
    author_name = models.CharField(max_length=NAME_CHARACTERS)
    author_role = models.CharField(max_length=ROLE_CHARACTERS)
    text = models.TextField(max_length=STORED_MESSAGE_CHARACTERS)
    client_id = models.CharField(max_length=CLIENT_ID_CHARACTERS, null=True, blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    media_time = models.PositiveBigIntegerField(null=True, blank=True)  # milliseconds since 1970 (media_time.py)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="chat_one_message_a_number"),
            models.UniqueConstraint(fields=["room", "author", "client_id"], name="chat_sent_once"),
        ]
        indexes = [models.Index(fields=["room", "changed_seq"], name="chat_changes")]

    def __str__(self) -> str:
        return f"Message {self.seq}"


class ActionQuerySet(models.QuerySet["Action"]):
    """Rows are written once. (Django's own bookkeeping of deleted accounts does not pass through here.)"""

    def update(self, **kwargs: object) -> int:  # noqa: ARG002 -- Django's signature
        raise PermissionDenied("What was done stays written down as it was.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise PermissionDenied("What was done stays written down.")


class Action(models.Model):
    """One act of moderation: who, to whom, what, why, when, where. Undoing it is another row."""

    at = models.DateTimeField(default=clock.now, editable=False)
    act = models.CharField(max_length=24, choices=Act.choices)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="+")
    stream = models.ForeignKey(Stream, on_delete=models.SET_NULL, null=True, related_name="+")
    class_title = models.CharField(max_length=TITLE_CHARACTERS, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=NAME_CHARACTERS)
    target = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    target_name = models.CharField(max_length=NAME_CHARACTERS, blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_CHARACTERS, blank=True)
    details = models.JSONField(default=dict)

    objects = ActionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["club", "-id"], name="chat_actions_of_a_club")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} by {self.actor_name}"

    def save(self, *args: object, **kwargs: object) -> None:  # noqa: ARG002 -- Django's signature
        if not self._state.adding:
            raise PermissionDenied("What was done stays written down as it was.")
        super().save(force_insert=True)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        raise PermissionDenied("What was done stays written down.")


def _outcome(rule: Rule, default: Outcome) -> "models.CharField[str, str]":
    choices = Outcome.choices if rule in MASKABLE else UNMASKED
    return models.CharField(rule.label, max_length=10, choices=choices, default=default)


def every_language() -> list[str]:
    return list(lists.LANGUAGES)


class ClubFilter(Dated):
    """One club's filter; a club without a row has these defaults. Written by domain/club_filter.py alone."""

    club = models.OneToOneField(Club, on_delete=models.CASCADE, related_name="chat_rules")
    languages = models.JSONField(default=every_language, blank=True)
    words = models.TextField(
        "own words", blank=True, help_text="One a line. A star at an end stands for more letters."
    )
    allowed = models.TextField("allowed words", blank=True, help_text="One a line; these are never a find.")
    on_insult = _outcome(Rule.INSULT, Outcome.MASK)
    on_slur = _outcome(Rule.SLUR, Outcome.REFUSE)
    on_sexual = _outcome(Rule.SEXUAL, Outcome.MASK)
    on_words = _outcome(Rule.WORDS, Outcome.MASK)
    on_links = _outcome(Rule.LINKS, Outcome.OFF)  # members know each other: a link is mostly a kindness
    on_repeats = _outcome(Rule.REPEATS, Outcome.REFUSE)
    on_shouting = _outcome(Rule.SHOUTING, Outcome.REFUSE)
    on_emoji = _outcome(Rule.EMOJI, Outcome.REFUSE)
    on_mentions = _outcome(Rule.MENTIONS, Outcome.REFUSE)
    repeat_seconds = models.PositiveSmallIntegerField("seconds until the same may be said again", default=30)
    emoji_limit = models.PositiveSmallIntegerField("emoji in a message", default=12)
    mention_limit = models.PositiveSmallIntegerField("names called in a message", default=5)

    class Meta:
        db_table = "chat_chatrules"
        verbose_name = verbose_name_plural = "chat rules"

    def __str__(self) -> str:
        return f"Chat rules of {self.club}"

    def outcome_of(self, rule: Rule) -> Outcome:
        return Outcome(getattr(self, f"on_{rule}"))
