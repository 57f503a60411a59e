"""What the accounts app tells those above it. Sent after commit."""

from django.dispatch import Signal

person_frozen = Signal()  # user: User who may not come in any more
