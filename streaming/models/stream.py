"""One live stream of one class. Only domain/lifecycle.py writes `state`."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from clubs.models import GroupSession
from fitfriends.core import clock
from fitfriends.core.ids import new_room_id, random_word
from fitfriends.core.models import Dated
from streaming.enums import EndReason, Mode, Quality, State
from streaming.querysets import StreamQuerySet


def new_ingest_name() -> str:
    return f"in-{random_word(28)}"


class Stream(Dated):
    group_session = models.ForeignKey(GroupSession, on_delete=models.PROTECT, related_name="streams")
    room_id = models.CharField(max_length=48, unique=True, default=new_room_id, editable=False)
    # Nothing downstream of the ingest sees the key: it knows the stream by this name.
    ingest_name = models.CharField(max_length=64, unique=True, default=new_ingest_name, editable=False)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    max_viewers = models.PositiveIntegerField(
        default=50, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    quality = models.CharField(max_length=8, choices=Quality.choices, default=Quality.AUTO)
    # Interactive: members may watch by WebRTC, too.
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.BROADCAST)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    state = models.CharField(max_length=16, choices=State.choices, default=State.SCHEDULED, editable=False)
    # Counts every change of what follows; a change is written only over the revision that it was decided on.
    revision = models.PositiveIntegerField(default=0, editable=False)
    state_changed_at = models.DateTimeField(default=clock.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)  # first time live
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_reason = models.CharField(max_length=16, choices=EndReason.choices, blank=True, editable=False)
    reconnect_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Slots, tokens, viewings and the run of an ended stream are gone; until then keep_time tries again.
    tidied_at = models.DateTimeField(null=True, blank=True, editable=False)

    # The publisher that is connected now, by the ingest's client id; empty when there is none.
    ingest_client_id = models.CharField(max_length=64, blank=True, editable=False)
    # It is the bridge of a WebRTC publisher (domain/ingest/bridge_urls.py), not an encoder.
    ingest_bridged = models.BooleanField(default=False, editable=False)
    ingest_since = models.DateTimeField(null=True, blank=True, editable=False)
    # A playable playlist exists for the publisher that is connected now.
    has_picture = models.BooleanField(default=False, editable=False)
    # What the instructor should know about the signal, in words; empty when all is well.
    signal_note = models.CharField(max_length=300, blank=True, editable=False)

    objects = StreamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group_session"],
                condition=~Q(state=State.ENDED),
                name="streaming_one_open_stream_per_class",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="streaming_known_state"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="streaming_known_mode"),
            models.CheckConstraint(
                condition=Q(state=State.ENDED, ended_at__isnull=False)
                | (~Q(state=State.ENDED) & Q(ended_at__isnull=True)),
                name="streaming_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.INTERRUPTED, reconnect_until__isnull=False)
                | (~Q(state=State.INTERRUPTED) & Q(reconnect_until__isnull=True)),
                name="streaming_window_only_while_interrupted",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.LIVE) | Q(started_at__isnull=False),
                name="streaming_live_has_a_start",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ENDED) | Q(ingest_client_id=""),
                name="streaming_ended_has_no_publisher",
            ),
        ]
        indexes = [
            models.Index(F("state"), F("state_changed_at"), name="streaming_by_state"),
            models.Index(
                fields=["ended_at"],
                condition=Q(state=State.ENDED, tidied_at__isnull=True),
                name="streaming_untidied",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state != State.ENDED

    @property
    def doors_open(self) -> bool:
        """Members may come in."""
        return self.state in (State.STARTING, State.LIVE, State.INTERRUPTED)
