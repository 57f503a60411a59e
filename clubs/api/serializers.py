"""Shapes of the clubs API, one per direction."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from clubs.defaults import DESCRIPTION_LENGTH, NAME_LENGTH
from clubs.domain import requests, sessions
from clubs.enums import INVITABLE, JoinPolicy, Role
from clubs.models import Club, GroupSession, Invitation, JoinRequest, Membership, Participation

# What PostgreSQL's bigint holds; a bigger number is no id of ours.
_LARGEST_ID = 10**18 - 1


def id_field(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, **more)


class PersonOut(serializers.ModelSerializer[User]):
    """What members see of each other: never the address."""

    class Meta:
        model = User
        fields = ["id", "display_name"]
        read_only_fields = fields


class ClubOut(serializers.ModelSerializer[Club]):
    member_count = serializers.IntegerField()
    my_role = serializers.ChoiceField(
        choices=Role.choices, allow_blank=True, help_text="Empty for who is not a member."
    )

    class Meta:
        model = Club
        fields = [
            "id",
            "slug",
            "name",
            "description",
            "join_policy",
            "time_zone",
            "member_count",
            "my_role",
            "created_at",
        ]
        read_only_fields = fields


class ClubIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=NAME_LENGTH)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH, allow_blank=True, required=False)
    join_policy = serializers.ChoiceField(choices=JoinPolicy.choices, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)


class ClubChange(ClubIn):
    name = serializers.CharField(max_length=NAME_LENGTH, required=False)


class ClubsAsked(serializers.Serializer[Any]):
    mine = serializers.BooleanField(default=False, help_text="Only clubs that I belong to.")


class MembershipOut(serializers.ModelSerializer[Membership]):
    user = PersonOut()

    class Meta:
        model = Membership
        fields = ["id", "club_id", "user", "role", "joined_at", "left_at"]
        read_only_fields = fields


class RoleIn(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Role.choices)


class JoinIn(serializers.Serializer[Any]):
    message = serializers.CharField(
        max_length=requests.MESSAGE_LENGTH,
        allow_blank=True,
        default="",
        help_text="For a club that decides who joins: a word to its owners.",
    )


class JoinRequestOut(serializers.ModelSerializer[JoinRequest]):
    user = PersonOut()

    class Meta:
        model = JoinRequest
        fields = ["id", "club_id", "user", "message", "state", "created_at", "decided_at"]
        read_only_fields = fields


class InvitationIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=INVITABLE, default=Role.MEMBER.value)


class InvitationOut(serializers.ModelSerializer[Invitation]):
    class Meta:
        model = Invitation
        fields = ["id", "club_id", "email", "role", "created_at", "expires_at", "accepted_at", "revoked_at"]
        read_only_fields = fields


class ClubBrief(serializers.ModelSerializer[Club]):
    class Meta:
        model = Club
        fields = ["id", "slug", "name"]
        read_only_fields = fields


class SessionOut(serializers.ModelSerializer[GroupSession]):
    club = ClubBrief()
    instructor = PersonOut()
    ends_at = serializers.DateTimeField()
    participant_count = serializers.IntegerField()
    takes_part = serializers.BooleanField(help_text="Whether I have a seat.")

    class Meta:
        model = GroupSession
        fields = [
            "id",
            "club",
            "title",
            "description",
            "instructor",
            "starts_at",
            "ends_at",
            "duration_minutes",
            "time_zone",
            "capacity",
            "status",
            "participant_count",
            "takes_part",
        ]
        read_only_fields = fields


class SessionFields(serializers.Serializer[Any]):
    """What scheduling and changing share."""

    title = serializers.CharField(max_length=sessions.TITLE_LENGTH)
    description = serializers.CharField(max_length=sessions.DESCRIPTION_LENGTH, allow_blank=True, required=False)
    starts_at = serializers.DateTimeField()
    duration_minutes = serializers.IntegerField(
        min_value=sessions.SHORTEST, max_value=sessions.LONGEST, required=False
    )
    instructor_id = id_field(required=False, help_text="Owners may name one of their instructors.")
    time_zone = serializers.CharField(max_length=64, required=False)
    capacity = serializers.IntegerField(
        min_value=1, max_value=sessions.LARGEST, required=False, allow_null=True, help_text="Null: no limit."
    )


class SessionIn(SessionFields):
    club_id = id_field()


class SessionChange(SessionFields):
    title = serializers.CharField(max_length=sessions.TITLE_LENGTH, required=False)
    starts_at = serializers.DateTimeField(required=False)


class SessionsAsked(serializers.Serializer[Any]):
    starts_after = serializers.DateTimeField(required=False)
    starts_before = serializers.DateTimeField(required=False)
    club_id = id_field(required=False)
    mine = serializers.BooleanField(default=False, help_text="Only classes that I have a seat in.")


class ParticipationOut(serializers.ModelSerializer[Participation]):
    user = PersonOut()

    class Meta:
        model = Participation
        fields = ["id", "group_session_id", "user", "created_at"]
        read_only_fields = fields


class MyMembership(serializers.ModelSerializer[Membership]):
    club = ClubBrief()

    class Meta:
        model = Membership
        fields = ["id", "club", "role", "joined_at"]
        read_only_fields = fields


class MeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    display_name = serializers.CharField()
    time_zone = serializers.CharField()
    email_when_live = serializers.BooleanField(help_text="E-mail me when a class I joined goes live.")
    memberships = MyMembership(many=True)


class MeChange(serializers.Serializer[Any]):
    display_name = serializers.CharField(max_length=60, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    email_when_live = serializers.BooleanField(required=False)
