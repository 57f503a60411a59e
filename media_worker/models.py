"""A run: one ffmpeg for one connection of one broadcaster, and what its signal was like over time.

In domain/ only runs.py, heartbeat.py, prewarming.py and admission.py write runs, and only samples.py writes samples.
"""

from django.db import models
from django.db.models import Q

from fitfriends.core import clock
from fitfriends.core.models import Dated
from media_worker.enums import HELD, OPEN, Quality, RunReason, RunState


def _choices(words: type[Quality | RunReason | RunState]) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ")) for word in words]


class TranscodeRun(Dated):
    """`ref` is whatever the owner calls the room; `client_id` is the ingest's name of the connection.

    A run without a client id waits for its publisher, at most until `wait_until`.
    """

    ref = models.CharField(max_length=48, db_index=True)
    client_id = models.CharField(max_length=64, blank=True)
    wait_until = models.DateTimeField(null=True, editable=False)
    source_url = models.CharField(max_length=300)
    quality = models.CharField(max_length=8, choices=_choices(Quality), default=Quality.AUTO)
    # Whatever the owner calls the encoder: what one run has learned of it, the next one of the same name uses.
    encoder = models.CharField(max_length=64, blank=True, db_index=True)

    state = models.CharField(max_length=16, choices=_choices(RunState), default=RunState.QUEUED, editable=False)
    # Set by whoever asks for the end; what the worker finds counts only where nobody asked.
    reason = models.CharField(max_length=20, choices=_choices(RunReason), blank=True, editable=False)
    note = models.CharField(max_length=400, blank=True, editable=False, help_text="For the instructor, in words.")
    detail = models.TextField(blank=True, editable=False, help_text="ffmpeg's last words.")
    exit_code = models.IntegerField(null=True, editable=False)
    restarts = models.PositiveIntegerField(default=0, editable=False)

    # Whoever holds the token holds the run, until the lease is over.
    worker = models.CharField(max_length=120, blank=True, editable=False)
    token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    cores = models.FloatField(default=0, editable=False, help_text="What it is reckoned to cost its host.")
    enqueued_at = models.DateTimeField(default=clock.now, editable=False)
    requeues = models.PositiveIntegerField(default=0, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    playable_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    # The signal as it arrived last, for the studio; zeros and "" until it is known.
    renditions = models.JSONField(default=list, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    fps = models.FloatField(default=0, editable=False)
    bitrate = models.PositiveIntegerField(default=0, editable=False)
    video_codec = models.CharField(max_length=40, blank=True, editable=False)
    audio_codec = models.CharField(max_length=40, blank=True, editable=False)
    keyframe_gap = models.FloatField(default=0, editable=False)
    speed = models.FloatField(default=0, editable=False)
    profile = models.CharField(max_length=24, blank=True, editable=False)
    interlaced = models.BooleanField(null=True, editable=False)
    b_frames = models.BooleanField(null=True, editable=False)
    keyframe_longest = models.FloatField(default=0, editable=False, help_text="Of the last minute, in seconds.")
    bitrate_low = models.PositiveIntegerField(default=0, editable=False, help_text="Of the last half minute.")
    bitrate_high = models.PositiveIntegerField(default=0, editable=False)
    uneven = models.FloatField(default=0, editable=False, help_text="Share of frames that come unevenly.")
    lost = models.PositiveIntegerField(default=0, editable=False, help_text="Frames that the source left out.")
    missing = models.FloatField(default=0, editable=False, help_text="Share of such frames in the last minute.")
    duplicated = models.PositiveIntegerField(default=0, editable=False)
    dropped = models.PositiveIntegerField(default=0, editable=False, help_text="Frames that we did not take in time.")
    stutter = models.FloatField(default=0, editable=False, help_text="Seconds that the picture fell behind.")
    jumped = models.PositiveIntegerField(default=0, editable=False, help_text="Jumps of its clock in a minute.")
    ingest_bitrate = models.PositiveIntegerField(default=0, editable=False, help_text="As the ingest counts it.")
    audio_bitrate = models.PositiveIntegerField(default=0, editable=False)
    audio_channels = models.PositiveIntegerField(default=0, editable=False)
    audio_rate = models.PositiveIntegerField(default=0, editable=False)
    level = models.FloatField(null=True, editable=False, help_text="Mean of the last second, dBFS.")
    peak = models.FloatField(null=True, editable=False, help_text="Highest of the last second, dBFS.")
    silent = models.FloatField(default=0, editable=False, help_text="Seconds without any sound.")
    clipped = models.PositiveIntegerField(default=0, editable=False, help_text="Of the last 30 seconds.")
    source_fps = models.CharField(max_length=24, blank=True, editable=False, help_text="As the encoder declares it.")
    copies_audio = models.BooleanField(default=True, editable=False)
    copied = models.BooleanField(default=False, editable=False, help_text="The top rendition is the source's own.")
    # Whether the encoder's next run may pass its picture through: None while too little was seen.
    passes = models.BooleanField(null=True, editable=False)
    verdict = models.CharField(max_length=300, blank=True, editable=False, help_text="Why not, in words.")
    facts_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "transcode run"
        indexes = [models.Index(fields=["state", "lease_until"], name="media_run_leases")]
        constraints = [
            models.UniqueConstraint(fields=["ref"], condition=Q(state__in=HELD), name="media_one_held_run_per_room"),
            models.UniqueConstraint(
                fields=["ref", "client_id"],
                condition=Q(state__in=OPEN),
                name="media_one_open_run_per_connection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} run {self.pk} ({self.state})"


class RunSample(models.Model):
    """Some seconds of a run's signal, from `at` on. Counts are of these seconds alone; bit rates are per second."""

    run = models.ForeignKey(TranscodeRun, on_delete=models.CASCADE, related_name="samples")
    at = models.DateTimeField()
    seconds = models.FloatField()
    bitrate = models.PositiveIntegerField(default=0)
    bitrate_low = models.PositiveIntegerField(default=0)
    bitrate_high = models.PositiveIntegerField(default=0)
    audio_bitrate = models.PositiveIntegerField(default=0)
    fps = models.FloatField(default=0)
    fps_low = models.FloatField(default=0)
    keyframe_gap = models.FloatField(default=0, help_text="The longest.")
    speed = models.FloatField(default=0, help_text="The slowest.")
    stutter = models.FloatField(default=0)
    lost = models.PositiveIntegerField(default=0)
    duplicated = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
    jumps = models.PositiveIntegerField(default=0)
    level = models.FloatField(null=True, help_text="Mean, dBFS.")
    peak = models.FloatField(null=True, help_text="Highest, dBFS.")

    class Meta:
        # What is written again after a lost answer is the same row; it is also the index that charts read by.
        constraints = [models.UniqueConstraint(fields=["run", "at"], name="media_one_sample_a_moment")]

    def __str__(self) -> str:
        return f"run {self.run_id} at {self.at:%H:%M:%S}"
