"""Clubs, who belongs to them, and the classes they schedule."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import validate_time_zone
from clubs.defaults import DESCRIPTION_LENGTH, HOUSE_RULES, NAME_LENGTH, RULES_CHARACTERS
from clubs.enums import JoinPolicy, RequestState, Role, SessionStatus
from clubs.querysets import ClubQuerySet, GroupSessionQuerySet, MembershipQuerySet
from fitfriends.core import clock
from fitfriends.core.models import Dated


class Club(Dated):
    name = models.CharField(max_length=NAME_LENGTH)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True, max_length=DESCRIPTION_LENGTH)
    join_policy = models.CharField(max_length=20, choices=JoinPolicy.choices, default=JoinPolicy.OPEN)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    # Shown to each member once before they first write in a talk; a higher version is shown again. Empty: none.
    house_rules = models.TextField(blank=True, max_length=RULES_CHARACTERS, default=HOUSE_RULES)
    rules_version = models.PositiveIntegerField(default=1, editable=False)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="clubs")

    objects = ClubQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(Dated):
    """A person's place in a club. Leaving keeps the row with `left_at`; a return is a new row."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)
    rules_read = models.PositiveIntegerField(default=0, help_text="The version of the house rules they accepted.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "user"],
                condition=Q(left_at__isnull=True),
                name="clubs_one_membership_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.club} as {self.get_role_display()}"


class JoinRequest(Dated):
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    message = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "user"], condition=Q(state=RequestState.OPEN), name="clubs_one_open_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} asks to join {self.club}"


class Invitation(Dated):
    """An e-mailed way into a club; only a digest of its code is kept."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Invitation to {self.club}"


class GroupSession(Dated):
    """A scheduled class. `starts_at` is an instant; `time_zone` is where the club reads it."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="group_sessions")
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    instructor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taught_sessions")
    starts_at = models.DateTimeField()
    duration_minutes = models.PositiveSmallIntegerField(
        default=45, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    capacity = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Empty: no limit."
    )
    status = models.CharField(max_length=20, choices=SessionStatus.choices, default=SessionStatus.SCHEDULED)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["club", "starts_at"], name="clubs_session_schedule")]

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)


class Ban(Dated):
    """An account that a club, or one class of it, does not let in. Lifting it keeps the row with `lifted_at`."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="bans")
    group_session = models.ForeignKey(
        GroupSession,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="bans",
        help_text="Empty: the club.",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bans")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "user"],
                condition=Q(lifted_at__isnull=True, group_session__isnull=True),
                name="clubs_one_ban_from_a_club",
            ),
            models.UniqueConstraint(
                fields=["group_session", "user"],
                condition=Q(lifted_at__isnull=True, group_session__isnull=False),
                name="clubs_one_ban_from_a_class",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is banned from {self.group_session or self.club}"


class SessionModerator(Dated):
    """A member who moderates one class."""

    group_session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="moderators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group_session", "user"], name="clubs_one_grant_of_a_moderator")
        ]

    def __str__(self) -> str:
        return f"{self.user} moderates {self.group_session}"


class Participation(Dated):
    """Somebody's intention to take part. Withdrawing keeps the row with `cancelled_at`."""

    group_session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group_session", "user"],
                condition=Q(cancelled_at__isnull=True),
                name="clubs_one_participation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} takes part in {self.group_session}"
