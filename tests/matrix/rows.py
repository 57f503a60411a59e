"""Every operation of the API and what each kind of caller gets: the table that the matrix test walks.

`outsider` is a stranger, an ex-member or another club's instructor: they must not be told apart.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fitfriends.core import clock
from tests.matrix.stage import Stage

type Make = Callable[[Stage], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    operation: str  # "POST /api/streaming/sessions/{stream_id}/start"
    outsider: int
    member: int
    instructor: int
    owner: int
    nobody: int = 401
    body: Make = field(default=lambda _: {})

    def expected(self, who: str) -> int:
        known = {"nobody": self.nobody, "member": self.member, "instructor": self.instructor, "owner": self.owner}
        return known.get(who, self.outsider)


def _everybody(operation: str, status: int = 200, *, nobody: int = 401, body: Make = lambda _: {}) -> Row:
    """Something of the caller's own."""
    return Row(
        operation=operation,
        nobody=nobody,
        outsider=status,
        member=status,
        instructor=status,
        owner=status,
        body=body,
    )


def _wrong_password(_: Stage) -> dict[str, Any]:
    """Of another address each time: attempts on one are limited."""
    return {"email": f"{uuid.uuid4().hex}@example.com", "password": "wrong"}


STREAM = "/api/streaming/sessions/{stream_id}"
ROOM = "/api/chat/rooms/{room_id}"
CLUB = "/api/clubs/{club_id}"
CLASS = "/api/group-sessions/{session_id}"


def _staff(operation: str, status: int = 200, *, outsider: int = 404, body: Make = lambda _: {}) -> Row:
    """The class's instructor and the club's owner; members may see but not do it."""
    return Row(operation=operation, outsider=outsider, member=403, instructor=status, owner=status, body=body)


def _owner(operation: str, status: int = 200, *, body: Make = lambda _: {}) -> Row:
    """The club's owner alone. The club is public, so outsiders know of it."""
    return Row(operation=operation, outsider=403, member=403, instructor=403, owner=status, body=body)


def _inside(operation: str, status: int = 200, *, body: Make = lambda _: {}) -> Row:
    return Row(operation=operation, outsider=404, member=status, instructor=status, owner=status, body=body)


_REPORT_PATH = "/api/chat/reports/{report_id}"


def _keepers(operation: str, status: int = 200, *, member: int = 404, body: Make = lambda _: {}) -> Row:
    """Moderators of the club; to its members a report does not exist."""
    return Row(operation=operation, outsider=404, member=member, instructor=status, owner=status, body=body)


REPORT_ROWS = [
    _inside(f"POST {ROOM}/reports", 201, body=lambda stage: {"why": "mean", "user_id": stage.membership.user_id}),
    Row(operation="GET /api/chat/clubs/{club_id}/reports", outsider=403, member=403, instructor=200, owner=200),
    _keepers(f"GET {_REPORT_PATH}"),
    _keepers(f"POST {_REPORT_PATH}/take"),
    _keepers(f"POST {_REPORT_PATH}/put-back"),
    _keepers(f"POST {_REPORT_PATH}/notes", 201, body=lambda _: {"words": "I know them."}),
    _keepers(f"POST {_REPORT_PATH}/close", 409, body=lambda _: {"outcome": "no_action"}),  # take it first
    _everybody(f"GET {CLUB}/house-rules"),
    _owner(f"PATCH {CLUB}/house-rules", body=lambda _: {"text": "Be kind.", "show_again": True}),
    Row(
        operation=f"POST {CLUB}/house-rules/accept",
        outsider=403,
        member=200,
        instructor=200,
        owner=200,
        body=lambda _: {"version": 1},
    ),
]

ROWS = [
    _everybody("POST /api/accounts/token", 400, nobody=400, body=_wrong_password),
    _everybody("GET /api/accounts/tokens"),
    _everybody("POST /api/accounts/tokens", 201, body=lambda _: {"name": "app", "scopes": ["read"]}),
    _everybody("DELETE /api/accounts/tokens/{token_id}", 404),
    _everybody("GET /api/socket-schema", nobody=200),
    _everybody("GET /api/me"),
    _everybody("PATCH /api/me", body=lambda _: {"display_name": "Somebody"}),
    _everybody("GET /api/notifications"),
    _everybody("GET /api/notifications/preferences"),
    _everybody(
        "PATCH /api/notifications/preferences",
        body=lambda _: {"preferences": [{"kind": "stream_live", "channel": "email", "enabled": False}]},
    ),
    _everybody("POST /api/notifications/read-all"),
    _everybody("POST /api/notifications/{notification_id}/read", 404),
    _everybody("GET /api/clubs", nobody=401),
    _everybody("POST /api/clubs", 201, body=lambda _: {"name": "A new club", "slug": "a-new-club"}),
    _everybody(f"GET {CLUB}"),
    Row(operation=f"POST {CLUB}/join", outsider=202, member=200, instructor=200, owner=200),
    Row(operation=f"POST {CLUB}/leave", outsider=404, member=200, instructor=409, owner=409),
    _owner(f"PATCH {CLUB}", body=lambda _: {"description": "Changed."}),
    _owner(f"GET {CLUB}/invitations"),
    _owner(f"POST {CLUB}/invitations", 201, body=lambda _: {"email": "new@example.com"}),
    _owner(f"DELETE {CLUB}/invitations/{{invitation_id}}"),
    Row(operation=f"GET {CLUB}/memberships", outsider=403, member=200, instructor=200, owner=200),
    _owner(f"PATCH {CLUB}/memberships/{{membership_id}}", body=lambda _: {"role": "instructor"}),
    _owner(f"DELETE {CLUB}/memberships/{{membership_id}}"),
    _owner(f"GET {CLUB}/requests"),
    _owner(f"POST {CLUB}/requests/{{request_id}}/accept"),
    _owner(f"POST {CLUB}/requests/{{request_id}}/decline"),
    _everybody("POST /api/invitations/{code}/accept", 404),
    _everybody("GET /api/group-sessions"),
    _staff(
        "POST /api/group-sessions",
        201,
        outsider=403,
        body=lambda stage: {
            "club_id": stage.cast.club.pk,
            "title": "Another class",
            "instructor_id": stage.cast.ben.pk,
            "starts_at": (clock.now() + timedelta(days=2)).isoformat(),
            "duration_minutes": 45,
        },
    ),
    _inside(f"GET {CLASS}"),
    _staff(f"PATCH {CLASS}", body=lambda _: {"title": "Changed"}),
    _staff(f"POST {CLASS}/cancel"),
    _inside(f"POST {CLASS}/participation"),
    _inside(f"DELETE {CLASS}/participation"),
    _inside(f"GET {CLASS}/participations"),
    _everybody("GET /api/streaming/sessions"),
    _staff(
        "POST /api/streaming/sessions",
        201,
        body=lambda stage: {"group_session_id": stage.free_session.pk, "stream_title": "HIIT"},
    ),
    _inside(f"GET {STREAM}"),
    _staff(f"PATCH {STREAM}", body=lambda _: {"stream_title": "Changed"}),
    _staff(f"POST {STREAM}/start"),
    _staff(f"POST {STREAM}/end"),
    _staff(f"POST {STREAM}/cancel", 409),
    _staff(f"POST {STREAM}/rotate-key"),
    _staff(f"GET {STREAM}/signal"),
    _staff(f"GET {STREAM}/health"),
    _staff(f"GET {STREAM}/events"),
    _staff(f"POST {STREAM}/take-over"),
    _staff(f"POST {STREAM}/mode", body=lambda _: {"mode": "interactive"}),
    _inside(f"POST {STREAM}/join"),
    _inside(f"POST {STREAM}/leave"),
    Row(operation=f"POST {STREAM}/renew", outsider=404, member=409, instructor=200, owner=200),
    _inside(f"GET {STREAM}/state"),
    _inside("POST /api/streaming/token", body=lambda stage: {"room_id": stage.stream.room_id, "role": "viewer"}),
    _inside("GET /api/chat/rooms/{room_id}/messages"),
    _staff("DELETE /api/chat/messages/{message_id}"),
    _staff("POST /api/chat/messages/{message_id}/restore"),
    _staff("PUT /api/chat/messages/{message_id}/pin"),
    _staff("DELETE /api/chat/messages/{message_id}/pin"),
    _inside(f"GET {ROOM}/settings"),
    _staff(f"PATCH {ROOM}/settings", body=lambda _: {"slow_seconds": 10}),
    _staff(
        f"POST {ROOM}/actions",
        body=lambda stage: {"action": "time_out", "minutes": 5, "user_id": stage.membership.user_id},
    ),
    _owner("GET /api/chat/clubs/{club_id}/actions"),
    _inside("GET /api/chat/rooms/{room_id}/held"),
    _staff("POST /api/chat/held/{held_id}/release"),
    _staff("POST /api/chat/held/{held_id}/reject"),
    *REPORT_ROWS,
    _inside(f"GET {ROOM}/polls"),
    _staff(f"POST {ROOM}/polls", 409, body=lambda _: {"question": "Again?", "options": ["Yes", "No"]}),
    _staff("POST /api/chat/polls/{poll_id}/close"),
    _inside("PUT /api/chat/polls/{poll_id}/vote", body=lambda _: {"option": 1}),
    _inside(f"GET {ROOM}/questions"),
    _inside(f"POST {ROOM}/questions", 201, body=lambda _: {"question": "Do I need a mat?"}),
    _staff("PATCH /api/chat/questions/{question_id}", body=lambda _: {"state": "answered"}),
    _inside("PUT /api/chat/questions/{question_id}/vote"),
    _inside("DELETE /api/chat/questions/{question_id}/vote"),
    _staff(f"GET {ROOM}/hands"),
    _staff(f"DELETE {ROOM}/hands/{{user_id}}"),
    _inside(f"GET {ROOM}/reactions"),
    _owner(f"GET {CLUB}/chat-rules"),
    _owner(f"PATCH {CLUB}/chat-rules", body=lambda _: {"words": ["*protein shake*"], "on_links": "hold"}),
]
