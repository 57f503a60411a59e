"""Words of the clubs app."""

from django.db.models import TextChoices


class JoinPolicy(TextChoices):
    OPEN = "open", "Anyone may join"
    REQUEST = "request", "People ask, the club decides"
    INVITATION = "invitation", "By invitation only"


class Role(TextChoices):
    OWNER = "owner", "Owner"
    INSTRUCTOR = "instructor", "Instructor"
    MODERATOR = "moderator", "Moderator"
    MEMBER = "member", "Member"


# An owner is made among the members, never by mail.
INVITABLE = [(Role.MEMBER.value, Role.MEMBER.label), (Role.INSTRUCTOR.value, Role.INSTRUCTOR.label)]


class RequestState(TextChoices):
    OPEN = "open", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class SessionStatus(TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    CANCELLED = "cancelled", "Cancelled"
