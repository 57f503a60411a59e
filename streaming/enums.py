"""Words of the streaming app."""

from django.db.models import TextChoices


class State(TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    PREVIEW = "preview", "Preview"
    STARTING = "starting", "Starting"
    LIVE = "live", "Live"
    INTERRUPTED = "interrupted", "Interrupted"
    ENDED = "ended", "Ended"


class Event(TextChoices):
    """What can happen to a stream; domain/lifecycle.py holds the table."""

    START = "start", "The instructor opens the doors"
    PUBLISH = "publish", "Signal arrives"
    PICTURE = "picture", "The picture is playable"
    SIGNAL_LOST = "signal_lost", "Signal stopped"
    END = "end", "Somebody ends the class"
    CANCEL = "cancel", "The class is called off"
    WINDOW_CLOSED = "window_closed", "Nobody came back in time"
    HARD_STOP = "hard_stop", "The scheduled time is over"


class EndReason(TextChoices):
    INSTRUCTOR = "instructor", "Ended by its instructor"
    CANCELLED = "cancelled", "Called off"
    SIGNAL_LOST = "signal_lost", "The signal did not come back"
    OVERTIME = "overtime", "The scheduled time was over"
    OPERATOR = "operator", "Ended by the club or an operator"


class Quality(TextChoices):
    """The top rung of the ladder; the values are the wire's."""

    UHD = "4K", "4K"
    HD = "HD", "HD"
    SD = "SD", "SD"
    AUTO = "Auto", "Auto"


class Mode(TextChoices):
    """How members watch: what WebRTC carries is a second ahead of HLS, and has fewer slots."""

    BROADCAST = "broadcast", "Broadcast"
    INTERACTIVE = "interactive", "Interactive"


class Role(TextChoices):
    """What a token lets its holder be in a room."""

    VIEWER = "viewer", "Viewer"
    PUBLISHER = "publisher", "Publisher"


class ClassRole(TextChoices):
    """What somebody is to a class: decides what they may do, and what others see beside their name."""

    INSTRUCTOR = "instructor", "Instructor"
    OWNER = "owner", "Owner"
    OPERATOR = "operator", "Operator"
    MODERATOR = "moderator", "Moderator"
    MEMBER = "member", "Member"

    @property
    def runs(self) -> bool:
        """Starts, ends, changes, cancels, previews; takes no viewer slot and is not counted."""
        return self not in (ClassRole.MEMBER, ClassRole.MODERATOR)

    @property
    def moderates(self) -> bool:
        """Keeps order in the talk; over whom, chat's ladder says."""
        return self is not ClassRole.MEMBER

    @property
    def broadcasts(self) -> bool:
        """Holds the key. Not even the owner broadcasts in her instructor's name."""
        return self is ClassRole.INSTRUCTOR


class Device(TextChoices):
    PHONE = "phone", "Phone"
    TABLET = "tablet", "Tablet"
    DESKTOP = "desktop", "Computer"
    TV = "tv", "TV"
    OTHER = "other", "Other"
