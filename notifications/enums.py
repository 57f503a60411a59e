"""Words of the notifications app."""

from django.db.models import TextChoices


class Kind(TextChoices):
    STREAM_LIVE = "stream_live", "A class I joined goes live"
    CLASS_CANCELLED = "class_cancelled", "A class I joined is cancelled"
    CLASS_MOVED = "class_moved", "A class I joined moves"
    CLUB_REQUEST = "club_request", "Somebody asks to join my club"
    CLUB_WELCOME = "club_welcome", "I was let into a club"


class Channel(TextChoices):
    IN_APP = "in_app", "On this site"
    EMAIL = "email", "By e-mail"
