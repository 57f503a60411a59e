"""Words of the notifications app."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """A kind is an entry here and three templates, templates/notifications/mail/<kind>.{subject.txt,txt,html}."""

    STREAM_LIVE = "stream_live", "A class I joined goes live"
    CLASS_CANCELLED = "class_cancelled", "A class I joined is cancelled"
    CLASS_MOVED = "class_moved", "A class I joined moves"
    CLUB_REQUEST = "club_request", "Somebody asks to join my club"
    CLUB_WELCOME = "club_welcome", "I was let into a club"
    REPORT_NEW = "report_new", "Something is reported where I moderate"
    REPORT_ANSWERED = "report_answered", "What I reported was looked at"
    TALK_WARNING = "talk_warning", "A word about how I talk"
    MENTION = "mention", "Somebody calls my name in a talk"


class Channel(TextChoices):
    IN_APP = "in_app", "On this site"
    EMAIL = "email", "By e-mail"
