"""When a class ends by itself, whoever is still there."""

from datetime import datetime, timedelta

from django.conf import settings

from clubs.models import GroupSession


def hard_stop_at(session: GroupSession) -> datetime:
    """Its scheduled end and the margin."""
    return session.ends_at + timedelta(minutes=settings.HARD_STOP_MARGIN_MINUTES)
