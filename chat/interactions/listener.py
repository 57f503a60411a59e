"""What the interactions need of a connection; chat/realtime/connection.py is one."""

from typing import Protocol

from chat.domain.participants import Participant
from chat.frames.outgoing import Outgoing
from chat.frames.registry import Outbound


class Listener(Protocol):
    """Neither method waits or raises: a connection that is lost only falls silent."""

    participant: Participant

    def say(self, frame: Outbound) -> None:
        """Something for this connection alone."""

    def offer(self, frame: Outgoing) -> None:
        """Something that others get too, encoded once for all."""
