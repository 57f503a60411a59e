"""Who I am and where I belong. It stands here because it knows clubs and notifications, which accounts does not."""

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.domain import profile
from accounts.models import User
from clubs.api.serializers import MeChange, MeOut
from clubs.models import Membership
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope
from notifications.domain import preferences
from notifications.enums import Channel, Kind

_ME = envelope("MeReply", me=MeOut())


def _shown(user: User) -> Response:
    me = {
        "id": user.pk,
        "email": user.email,
        "display_name": user.display_name,
        "time_zone": user.time_zone,
        "email_when_live": preferences.wants_mail(user, Kind.STREAM_LIVE),
        "memberships": Membership.objects.of(user).select_related("club").order_by("joined_at", "pk"),
    }
    return ok(me=MeOut(me).data)


class Me(APIView):
    @extend_schema(operation_id="me_show", responses=_ME)
    def get(self, request: Request) -> Response:
        return _shown(caller(request))

    @extend_schema(operation_id="me_change", request=MeChange, responses=_ME)
    def patch(self, request: Request) -> Response:
        given = MeChange(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        by_mail = fields.pop("email_when_live", None)
        user = caller(request)
        with transaction.atomic():
            profile.change(user, **fields)
            if by_mail is not None:
                preferences.set_wish(user, kind=Kind.STREAM_LIVE, channel=Channel.EMAIL, enabled=by_mail)
        return _shown(user)
