"""What the frame of every page shows: unread notifications, and a door to the studio for those who teach."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from clubs.models import Club
from notifications.domain import inbox


def site(request: HttpRequest) -> dict[str, object]:
    """Lazy: a page that does not show them does not ask for them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "unread_count": SimpleLazyObject(lambda: inbox.unread_count(user)),
        "teaches": SimpleLazyObject(lambda: Club.objects.staffed_by(user).exists()),
    }
