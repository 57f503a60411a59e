"""Who may publish and watch by WebRTC, asked of the database each time: a token is minutes old."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import User
from clubs.models import Membership
from media_worker import ladder
from streaming import errors as stream_errors
from streaming.domain import access, queries
from streaming.domain.ingest import bridge_urls, takeover
from streaming.domain.queries import VisibleStream
from streaming.domain.tokens import redis_clock
from streaming.domain.tokens.signing import RoomToken
from streaming.domain.watching import playback, viewer_slots
from streaming.domain.watching.client_info import ClientInfo
from streaming.enums import ClassRole, Mode, Quality, Role, State
from streaming.models import Stream
from streaming.webrtc import errors
from streaming.webrtc.frames import PublishLimits


@dataclass(frozen=True, slots=True)
class Facts:
    """How a class stands, as far as its peers are concerned."""

    stream_id: int
    mode: Mode
    ended: bool
    doors_open: bool
    connected: str  # the ingest's client id; empty when no signal arrives
    bridged: bool  # that signal is a WebRTC publisher's
    quality: Quality

    @property
    def interactive(self) -> bool:
        return self.mode == Mode.INTERACTIVE


@dataclass(frozen=True, slots=True)
class Source:
    """What the gateway needs to show the class to a viewer."""

    pull_url: str
    copy: bool | None


# The audio leaves room for music: stereo Opus with the browser's processing off.
_AUDIO = 160_000
_HD, _SD = (2_500_000, ladder.HD), (1_500_000, ladder.SD)
# A browser does not encode 4K live at a rate that every viewer's line takes; that is an encoder's, by RTMP.
_LIMITS = {Quality.UHD: _HD, Quality.HD: _HD, Quality.SD: _SD, Quality.AUTO: _HD}


def limits_of(facts: Facts) -> PublishLimits:
    video, rung = _LIMITS[facts.quality]
    return PublishLimits(
        video_bitrate=video,
        audio_bitrate=_AUDIO,
        width=rung.long_side,
        height=rung.short_side,
        fps=ladder.TOP_FPS,
    )


def enter(token: RoomToken) -> tuple[Facts, Role]:
    """How the class stands, and what the holder is to it now. Raises NoSuchStream, also for those who are out."""
    seen = _seen(token)
    role = Role.PUBLISHER if token.role == Role.PUBLISHER and seen.class_role.broadcasts else Role.VIEWER
    return _facts(seen.stream), role


def require_publisher(token: RoomToken) -> str:
    """Where the class's bridge publishes. Raises NoSuchStream, WrongRole, WrongState or InUse."""
    seen = _seen(token)
    if token.role != Role.PUBLISHER or not seen.class_role.broadcasts:
        raise errors.WrongRole
    stream = seen.stream
    if not stream.is_open:
        raise errors.WrongState("This class is over and does not come back. Schedule a new one.")
    if stream.ingest_client_id and not stream.ingest_bridged and not takeover.is_allowed(stream):
        raise errors.InUse
    return bridge_urls.push_url(stream, publisher=User.objects.get(pk=token.user_id))


def require_viewer(token: RoomToken, client: ClientInfo) -> Source:
    """The class's source for somebody who has a seat, or gets one as by joining.

    Raises NoSuchStream, WrongState, NotInteractive or streaming's Full.
    """
    stamp = redis_clock.now()
    seen = _seen(token)
    stream = seen.stream
    if not stream.is_open or not (stream.doors_open or seen.class_role.runs):
        raise errors.WrongState
    if not seen.class_role.runs:
        if stream.mode != Mode.INTERACTIVE:
            raise errors.NotInteractive
        if not viewer_slots.holds(stream.room_id, token.user_id):
            playback.join(_person(token), seen, stamp=stamp, client=client)
    return Source(bridge_urls.pull_url(stream), bridge_urls.may_copy(stream))


def facts_of(room_ids: Collection[str]) -> dict[str, Facts]:
    """One query; without rooms that are gone."""
    return {stream.room_id: _facts(stream) for stream in Stream.objects.filter(room_id__in=room_ids)}


def class_roles(room_id: str, user_ids: Collection[int]) -> dict[int, ClassRole]:
    """What these people are to the class now, without those who are out. Three queries."""
    stream = Stream.objects.select_related("group_session").filter(room_id=room_id).first()
    if stream is None:
        return {}
    session = stream.group_session
    members = Membership.objects.active().filter(club_id=session.club_id, user_id__in=user_ids)
    roles = dict(members.in_class(session.pk).values_list("user_id", "class_role"))
    people = User.objects.filter(pk__in=user_ids)
    found = {user.pk: access.class_role_with(user, session, roles.get(user.pk)) for user in people}
    return {user_id: class_role for user_id, class_role in found.items() if class_role is not None}


def _facts(stream: Stream) -> Facts:
    return Facts(
        stream_id=stream.pk,
        mode=Mode(stream.mode),
        ended=stream.state == State.ENDED,
        doors_open=stream.doors_open,
        connected=stream.ingest_client_id,
        bridged=stream.ingest_bridged,
        quality=Quality(stream.quality),
    )


def _seen(token: RoomToken) -> VisibleStream:
    return queries.by_room(_person(token), token.room_id)


def _person(token: RoomToken) -> User:
    person = User.objects.filter(pk=token.user_id, is_active=True).first()
    if person is None:
        raise stream_errors.NoSuchStream
    return person
