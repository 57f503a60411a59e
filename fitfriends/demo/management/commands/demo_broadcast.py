"""Becomes the synthetic instructor: loops the clip into the live class, without encoding."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand

from deploy.local import clip
from fitfriends.demo import files


class Command(BaseCommand):
    help = "Broadcast the demo's clip to the ingest until stopped."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 -- Django's signature
        address = f"{settings.RTMP_PULL_URL}/{files.key_file().read_text()}"
        argv = clip.push_command(files.key_file().with_name(clip.NAME), address)
        # exec, not a child: the process manager then stops and restarts ffmpeg itself.
        os.execv(argv[0], argv)  # noqa: S606
