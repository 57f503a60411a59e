"""The welcome: the room as it stands, encoded once for all who come in the same moment, and what is personal."""

import msgspec

from chat.domain.participants import Participant
from chat.domain.room_state import Snapshot
from chat.frames.outgoing import Outgoing
from chat.frames.room import Presence, Welcome
from chat.interactions.state import InteractionsState
from chat.realtime.connection import Connection
from chat.realtime.room_settings_cache import RoomSettingsCache
from fitfriends.core import clock
from fitfriends.core.frames import encode, encoded

_NOBODY = Presence(viewer_count=0, people=())


class WelcomeFrames:
    """Fifty messages of history take longer to encode than all else that a connection costs."""

    def __init__(self, room_id: str) -> None:
        self._room_id = room_id
        self._made_of: tuple[object, ...] = ()
        self._alike: Welcome | None = None  # all but the personal fields is good for everybody

    def give(
        self,
        connection: Connection,
        snapshot: Snapshot,
        presence: Presence | None,
        settings_cache: RoomSettingsCache,
        interactions: InteractionsState,
    ) -> None:
        """Gives the welcome, and to moderators what waits for them."""
        connection.offer(self.make(connection.participant, snapshot, presence, settings_cache, interactions))
        for news in settings_cache.welcome(connection.participant):
            connection.say(news)

    def make(
        self,
        participant: Participant,
        snapshot: Snapshot,
        presence: Presence | None,
        settings_cache: RoomSettingsCache,
        interactions: InteractionsState,
    ) -> Outgoing:
        made_of = (snapshot, presence, settings_cache.settings, settings_cache.pinned, interactions.for_all)
        if self._alike is None or any(a is not b for a, b in zip(self._made_of, made_of, strict=True)):
            self._made_of = made_of
            self._alike = self._for_all(participant, snapshot, presence or _NOBODY, settings_cache, interactions)
        welcome = msgspec.structs.replace(
            self._alike,
            you=participant.person,
            stream=snapshot.state.staff if participant.runs else snapshot.state.member,
            timed_out_until=settings_cache.timeouts.get(participant.user_id),
            hand_up=interactions.hand_of(participant),
            people_with_hands=interactions.hands_for(participant),
            server_time=clock.to_ms(clock.now()),
        )
        return Outgoing(encode(welcome))

    def _for_all(
        self,
        participant: Participant,
        snapshot: Snapshot,
        presence: Presence,
        settings_cache: RoomSettingsCache,
        interactions: InteractionsState,
    ) -> Welcome:
        """What is the same for everybody, encoded; what is personal is somebody's and replaced."""
        return Welcome(
            you=participant.person,
            stream=snapshot.state.member,
            timed_out_until=None,
            hand_up=False,
            people_with_hands=(),
            server_time=0,
            room_id=self._room_id,
            viewer_count=presence.viewer_count,
            people=encoded(presence.people),
            history=encoded(snapshot.history),
            settings=encoded(settings_cache.settings),
            pinned=encoded(settings_cache.pinned),
            floor=encoded(interactions.for_all),
            seq=snapshot.seq,
        )
