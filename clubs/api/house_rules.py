"""API doors of a club's house rules: its members read and accept them, its owners write them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.enums import Scope
from clubs.defaults import RULES_CHARACTERS
from clubs.domain import house_rules, queries
from clubs.models import Club
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope


class HouseRulesOut(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, help_text="Lines of plain text; empty: there are none.")
    version = serializers.IntegerField(help_text="What to accept.")
    read = serializers.BooleanField(help_text="Nothing is to be accepted before the caller's next message.")


class HouseRulesIn(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, max_length=RULES_CHARACTERS)
    show_again = serializers.BooleanField(default=False, help_text="Everybody accepts them anew.")


class AcceptIn(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The version that was shown.")


_REPLY = envelope("HouseRulesReply", house_rules=HouseRulesOut())


def _reply(club: Club, request: Request) -> Response:
    read = house_rules.have_been_read(club, user=caller(request))
    return ok(house_rules={"text": club.house_rules, "version": club.rules_version, "read": read})


class HouseRules(APIView):
    """What a member accepts before they first write in a talk of the club."""

    @extend_schema(operation_id="house_rules_show", responses=_REPLY)
    def get(self, request: Request, club_id: int) -> Response:
        return _reply(queries.club(club_id, user=request.user), request)

    @extend_schema(operation_id="house_rules_change", request=HouseRulesIn, responses=_REPLY)
    def patch(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        house_rules.require_right(
            club, actor=caller(request)
        )  # who may not change them learns nothing from the checks
        given = HouseRulesIn(data=request.data)
        given.is_valid(raise_exception=True)
        return _reply(house_rules.change(club, actor=caller(request), **given.validated_data), request)


class Accept(APIView):
    """Once, and again when the version has grown. Accepting twice changes nothing."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="house_rules_accept", request=AcceptIn, responses=_REPLY)
    def post(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        house_rules.require_member(club, actor=caller(request))
        given = AcceptIn(data=request.data)
        given.is_valid(raise_exception=True)
        house_rules.accept(club, actor=caller(request), version=given.validated_data["version"])
        return _reply(club, request)
