"""Models of the interactions: reactions as counts, polls with their votes, questions with theirs."""

from django.conf import settings
from django.db import models

from chat.enums import QuestionState, Reaction
from chat.limits import (
    CLIENT_ID_CHARACTERS,
    NAME_CHARACTERS,
    ROLE_CHARACTERS,
    STORED_POLL_CHARACTERS,
    STORED_QUESTION_CHARACTERS,
)
from fitfriends.core import clock


class ReactionCount(models.Model):
    """How often something was shown in one second of the class; never a row per tap.

    `second`: of the media time, since 1970; 0 where it is not known. (NULL would be distinct from itself in the
    constraint that the upsert stands on.)
    """

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=12, choices=Reaction.choices)
    second = models.PositiveBigIntegerField(default=0)
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "second", "kind"], name="chat_one_count_a_second")]

    def __str__(self) -> str:
        return f"{self.count} {self.kind}"


class Poll(models.Model):
    """A question with a few options. Written by polls.py alone."""

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="polls")
    question = models.CharField(max_length=STORED_POLL_CHARACTERS)
    options = models.JSONField()  # list of strings; a vote names one by its index
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_name = models.CharField(max_length=NAME_CHARACTERS)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=models.Q(closed_at__isnull=True), name="chat_one_open_poll"
            )
        ]
        indexes = [models.Index(fields=["room", "-id"], name="chat_polls_of_a_room")]

    def __str__(self) -> str:
        return self.question


class Vote(models.Model):
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    option = models.PositiveSmallIntegerField()
    voted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "voter"], name="chat_one_vote_a_person")]

    def __str__(self) -> str:
        return f"Vote {self.pk}"


class Question(models.Model):
    """Asked to the instructor. `votes` is kept in step with the rows of QuestionVote by questions.py."""

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="questions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=NAME_CHARACTERS)
    author_role = models.CharField(max_length=ROLE_CHARACTERS)
    text = models.CharField(max_length=STORED_QUESTION_CHARACTERS)
    client_id = models.CharField(max_length=CLIENT_ID_CHARACTERS, null=True, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    votes = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=QuestionState.choices, default=QuestionState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "author", "client_id"], name="chat_asked_once"),
        ]
        indexes = [models.Index(fields=["room", "state", "-votes", "id"], name="chat_questions_by_votes")]

    def __str__(self) -> str:
        return f"Question {self.pk}"


class QuestionVote(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="voters")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "voter"], name="chat_one_vote_a_question"),
        ]

    def __str__(self) -> str:
        return f"Vote for question {self.question_id}"
