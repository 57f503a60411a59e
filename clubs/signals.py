"""What the clubs app tells those above it. Sent after commit."""

from django.dispatch import Signal

membership_ended = Signal()  # membership: Membership that was left or removed, or whose role shrank
session_cancelled = Signal()  # group_session: GroupSession
