"""What a club wants in its talk, and what waits to be let in."""

from django.conf import settings
from django.db import models

from chat.enums import MASKABLE, UNMASKED, Outcome, Review, Rule
from chat.filter import lists
from clubs.models import Club
from fitfriends.core import clock
from fitfriends.core.models import Dated


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


class HeldMessage(models.Model):
    """What somebody said and the room has not seen. It has no number, so the talk does not know of it."""

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="held")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="held_messages")
    author_name = models.CharField(max_length=60)
    author_role = models.CharField(max_length=20)
    text = models.TextField(max_length=1000)
    client_id = models.CharField(max_length=64, null=True, blank=True)
    reasons = models.CharField(max_length=200)
    held_at = models.DateTimeField(default=clock.now)
    # Of a message that only waits out the moderation delay: when it goes into the talk by itself.
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
