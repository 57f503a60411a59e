"""The JSON Schemas of the sockets' frames, for whoever makes a client."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat.frames import registry
from fitfriends.core import socket_docs
from streaming.webrtc import frames as signalling

SOCKETS = {"room": registry.SOCKET, "signalling": signalling.SOCKET}
_KEPT = {"Cache-Control": "public, max-age=3600"}


class SocketQuery(serializers.Serializer[Any]):
    socket = serializers.ChoiceField(choices=list(SOCKETS), default="room", help_text="Whose frames.")


class SocketSchema(APIView):
    """JSON Schema (2020-12) of a socket's frames: `FromClient` and `FromServer` are any one frame of a direction."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(operation_id="socket_schema", parameters=[SocketQuery], responses=OpenApiTypes.OBJECT, auth=[])
    def get(self, request: Request) -> Response:
        query = SocketQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response(socket_docs.schema(SOCKETS[query.validated_data["socket"]]), headers=_KEPT)
