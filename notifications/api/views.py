"""API doors of notifications."""

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import IntegerField
from rest_framework.views import APIView

from accounts.api.callers import caller
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope
from notifications.api.serializers import NotificationOut, WishesIn, WishOut
from notifications.domain import inbox, preferences
from notifications.enums import Channel, Kind
from notifications.models import Notification

_PREFERENCES = envelope("PreferenceList", preferences=WishOut(many=True))


@extend_schema_view(get=extend_schema(operation_id="notifications_list"))
class Notifications(ListAPIView[Notification]):
    """What I was told, newest first."""

    serializer_class = NotificationOut
    results_name = "notifications"
    queryset = Notification.objects.none()

    def get_queryset(self) -> QuerySet[Notification]:
        return inbox.of(caller(self.request))


class Read(APIView):
    @extend_schema(
        operation_id="notifications_read",
        request=None,
        responses=envelope("NotificationReply", notification=NotificationOut()),
    )
    def post(self, request: Request, notification_id: int) -> Response:
        return ok(notification=NotificationOut(inbox.read(notification_id, user=caller(request))).data)


class ReadAll(APIView):
    @extend_schema(
        operation_id="notifications_read_all",
        request=None,
        responses=envelope("NotificationsRead", read=IntegerField(help_text="How many were unread until now.")),
    )
    def post(self, request: Request) -> Response:
        return ok(read=inbox.read_all(caller(request)))


class Preferences(APIView):
    @extend_schema(operation_id="notifications_preferences", responses=_PREFERENCES)
    def get(self, request: Request) -> Response:
        return ok(preferences=WishOut(preferences.of(caller(request)), many=True).data)

    @extend_schema(operation_id="notifications_preferences_change", request=WishesIn, responses=_PREFERENCES)
    def patch(self, request: Request) -> Response:
        given = WishesIn(data=request.data)
        given.is_valid(raise_exception=True)
        user = caller(request)
        with transaction.atomic():
            for wish in given.validated_data["preferences"]:
                preferences.set_wish(
                    user, kind=Kind(wish["kind"]), channel=Channel(wish["channel"]), enabled=wish["enabled"]
                )
        return ok(preferences=WishOut(preferences.of(user), many=True).data)
