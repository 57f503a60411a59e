"""One live class with everything that an id in a path may name."""

from dataclasses import dataclass
from datetime import timedelta

from rest_framework.test import APIClient

from accounts.models import User
from chat.models import HeldMessage, Message, Poll, Question, Report, Room
from clubs.enums import JoinPolicy, Role
from clubs.models import GroupSession, Invitation, JoinRequest, Membership
from fitfriends.core import clock
from notifications.models import Notification
from streaming.domain.ingest import keys
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast, add_member, api_as, make_session, make_user
from tests.streaming.factories import make_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    cast: Cast
    gone: User  # was a member until a moment ago
    stream: Stream
    free_session: GroupSession
    message: Message
    held: HeldMessage
    report: Report
    poll: Poll
    question: Question
    membership: Membership
    request: JoinRequest
    invitation: Invitation
    notification: Notification

    @property
    def people(self) -> dict[str, User | None]:
        cast = self.cast
        return {
            "nobody": None,
            "stranger": cast.dov,
            "ex-member": self.gone,
            "other-instructor": cast.eva,
            "member": cast.cleo,
            "instructor": cast.ben,
            "owner": cast.ana,
        }

    def caller(self, who: str) -> APIClient:
        return api_as(self.people[who])

    @property
    def ids(self) -> dict[str, object]:
        """What the path parameters of the schema are filled with."""
        return {
            "club_id": self.cast.club.pk,
            "session_id": self.cast.session.pk,
            "stream_id": self.stream.pk,
            "room_id": self.stream.room_id,
            "message_id": self.message.pk,
            "held_id": self.held.pk,
            "report_id": self.report.pk,
            "poll_id": self.poll.pk,
            "question_id": self.question.pk,
            "user_id": self.membership.user_id,
            "membership_id": self.membership.pk,
            "request_id": self.request.pk,
            "invitation_id": self.invitation.pk,
            "notification_id": self.notification.pk,
            "token_id": 10**9,
            "code": "a" * 32,
        }


def build(cast: Cast) -> Stage:
    """Ben's class is live in Ana's club, which one may ask to join; Hal was removed, Gia trains, Ida waits."""
    cast.club.join_policy = JoinPolicy.REQUEST
    cast.club.save(update_fields=["join_policy"])
    gone, gia, ida = make_user("Hal"), make_user("Gia"), make_user("Ida")
    left = add_member(cast.club, gone)
    left.left_at = clock.now()
    left.save(update_fields=["left_at"])
    stream = make_stream(cast.session, State.LIVE)
    keys.issue(stream)
    room = Room.objects.create(stream=stream, last_seq=1)
    return Stage(
        cast=cast,
        gone=gone,
        stream=stream,
        free_session=make_session(cast.club, cast.ben, title="Evening yoga"),
        message=Message.objects.create(
            room=room, seq=1, changed_seq=1, author=gia, author_name="Gia", author_role=Role.MEMBER, text="Hello"
        ),
        held=HeldMessage.objects.create(
            room=room, author=gia, author_name="Gia", author_role=Role.MEMBER, text="Hello?", reasons="links"
        ),
        report=Report.objects.create(
            club=cast.club, stream=stream, class_title=stream.title, about="person", subject="person:1", target=gia
        ),
        poll=Poll.objects.create(room=room, question="Hello again?", options=["Yes", "No"], opened_name="Ben"),
        question=Question.objects.create(
            room=room, author=gia, author_name="Gia", author_role="member", text="Hello?"
        ),
        membership=add_member(cast.club, gia),
        request=JoinRequest.objects.create(club=cast.club, user=ida),
        invitation=Invitation.objects.create(
            club=cast.club, email="x@example.com", digest="0" * 64, expires_at=clock.now() + timedelta(days=1)
        ),
        notification=Notification.objects.create(
            user=gia, kind="club_welcome", title="Welcome", occasion="welcome:1"
        ),
    )
