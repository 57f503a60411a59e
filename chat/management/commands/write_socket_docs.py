"""`manage.py write_socket_docs`: the sockets' pages and JSON Schemas in docs/, from the structs of their frames."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from chat.api.socket_schema import SOCKETS
from fitfriends.core import socket_docs


class Command(BaseCommand):
    help = "Writes what docs/ says of the sockets' frames anew, from their structs."

    def handle(self, **_: Any) -> None:
        for socket in SOCKETS.values():
            page = settings.BASE_DIR / "docs" / socket.page
            page.write_text(socket_docs.page_text(socket, page.read_text()))
            schema = settings.BASE_DIR / "docs" / "schemas" / f"{socket.name}.json"
            schema.parent.mkdir(exist_ok=True)
            schema.write_text(socket_docs.schema_text(socket))
            self.stdout.write(f"{page.name}, {schema.name}")
