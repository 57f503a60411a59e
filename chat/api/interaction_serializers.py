"""Shapes of the interactions' API; words follow the same rules as in the socket's frames."""

from typing import Any

from rest_framework import serializers

from chat.enums import QuestionState, Reaction
from chat.errors import ProtocolError
from chat.frames import fields
from chat.limits import (
    BIGGEST_ID,
    CLIENT_ID_PATTERN,
    OPTIONS_LEAST,
    OPTIONS_MOST,
    POLL_CHARACTERS,
    QUESTION_CHARACTERS,
)


class OneLineField(serializers.CharField):
    """One line of words, cleaned as a message is."""

    def __init__(self, *, most: int, **kw: Any) -> None:
        super().__init__(**kw)
        self.most = most

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(f"{self.field_name or 'this'} is a string.", code="chat:frame:field")
        try:
            return fields.one_line(data, most=self.most)
        except ProtocolError as error:
            raise serializers.ValidationError(error.message, code=error.code) from error


class OptionOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    votes = serializers.IntegerField()


class PollOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    question = serializers.CharField()
    options = OptionOut(many=True)
    voters = serializers.IntegerField()
    open = serializers.BooleanField()
    opened_by = serializers.CharField()
    opened_at = serializers.IntegerField(help_text="Milliseconds since 1970.")
    closed_at = serializers.IntegerField(allow_null=True)
    your_vote = serializers.IntegerField(allow_null=True, help_text="The index of the option, from 0.")


class PollIn(serializers.Serializer[Any]):
    question = OneLineField(most=POLL_CHARACTERS)
    options = serializers.ListField(child=serializers.CharField(), min_length=OPTIONS_LEAST, max_length=OPTIONS_MOST)

    def validate_options(self, value: list[str]) -> list[str]:
        try:
            return fields.options(value)
        except ProtocolError as error:
            raise serializers.ValidationError(error.message, code=error.code) from error


class VoteIn(serializers.Serializer[Any]):
    option = serializers.IntegerField(min_value=0, max_value=OPTIONS_MOST - 1, help_text="Its index, from 0.")


class QuestionOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user_id = serializers.IntegerField(allow_null=True, help_text="Null when the account is gone.")
    username = serializers.CharField()
    role = serializers.CharField()
    question = serializers.CharField()
    votes = serializers.IntegerField()
    state = serializers.ChoiceField(choices=QuestionState.choices)
    asked_at = serializers.IntegerField(help_text="Milliseconds since 1970.")
    your_vote = serializers.BooleanField()


class QuestionIn(serializers.Serializer[Any]):
    question = OneLineField(most=QUESTION_CHARACTERS)
    client_id = serializers.RegexField(
        CLIENT_ID_PATTERN, required=False, help_text="Asking again with the same one asks once."
    )


class MarkIn(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=QuestionState.choices)


class HandOut(serializers.Serializer[Any]):
    user_id = serializers.IntegerField()
    username = serializers.CharField()
    raised_at = serializers.IntegerField(help_text="Milliseconds since 1970.")


class ReactionsQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=BIGGEST_ID,
        help_text="Only later seconds; take `next_after` of the last page.",
    )


class ReactionCountOut(serializers.Serializer[Any]):
    reaction = serializers.ChoiceField(source="kind", choices=Reaction.choices)
    second = serializers.SerializerMethodField(help_text="Of the media time, since 1970; null where not known.")
    count = serializers.IntegerField()

    def get_second(self, row: Any) -> int | None:
        return row.second or None
