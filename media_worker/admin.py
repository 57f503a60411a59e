"""Runs in the admin: to look at, and to stop."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from fitfriends.core.admin import ModelAdmin
from media_worker.domain import runs
from media_worker.models import TranscodeRun


@admin.register(TranscodeRun)
class TranscodeRunAdmin(ModelAdmin):
    list_display = ("ref", "state", "reason", "worker", "created_at", "playable_at", "finished_at", "note")
    list_filter = ("state", "reason")
    search_fields = ("ref", "worker")
    ordering = ("-pk",)
    actions = ("stop_runs",)

    # Whoever has these may write into the run, or pull the stream past every check.
    exclude = ("token", "source_url")
    readonly_fields = (
        *("ref", "client_id", "quality", "state", "reason", "note", "detail", "exit_code", "restarts"),
        *("worker", "lease_until", "claimed_at", "playable_at", "finished_at", "renditions"),
        *("width", "height", "fps", "bitrate", "video_codec", "profile", "audio_codec", "keyframe_gap", "speed"),
        *("b_frames", "interlaced", "lost", "dropped", "duplicated", "stutter", "level", "peak", "facts_at"),
    )

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False

    @admin.action(description="Stop the selected runs")
    def stop_runs(self, request: HttpRequest, queryset: QuerySet[TranscodeRun]) -> None:
        for run in queryset:
            asked = runs.request_stop(run.ref, client_id=run.client_id)
            level = messages.SUCCESS if asked else messages.WARNING
            text = f"{run.ref}: asked to stop." if asked else f"{run.ref}: is over already."
            self.message_user(request, text, level)
