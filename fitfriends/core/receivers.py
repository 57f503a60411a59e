"""What the core does when Django reports something."""

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate
from django.dispatch import receiver

from fitfriends.core import old_database
from fitfriends.core.apps import CoreConfig


@receiver(pre_migrate)
def refuse_old_database(sender: object, using: str, **kwargs: object) -> None:  # noqa: ARG001 -- a signal's signature
    """Before anything is changed, and once: the core is the first app that Django tells."""
    if isinstance(sender, CoreConfig):
        unknown = old_database.unknown(MigrationRecorder(connections[using]).applied_migrations())
        if unknown:
            raise CommandError(old_database.refusal(unknown))
