from django.urls import path

from clubs.api import clubs, house_rules, me, people, sessions

urlpatterns = [
    path("me", me.Me.as_view()),
    path("clubs", clubs.Clubs.as_view()),
    path("clubs/<id:club_id>", clubs.ClubDetail.as_view()),
    path("clubs/<id:club_id>/join", clubs.Join.as_view()),
    path("clubs/<id:club_id>/leave", clubs.Leave.as_view()),
    path("clubs/<id:club_id>/house-rules", house_rules.HouseRules.as_view()),
    path("clubs/<id:club_id>/house-rules/accept", house_rules.Accept.as_view()),
    path("clubs/<id:club_id>/memberships", people.Memberships.as_view()),
    path("clubs/<id:club_id>/memberships/<id:membership_id>", people.MembershipDetail.as_view()),
    path("clubs/<id:club_id>/requests", people.JoinRequests.as_view()),
    path("clubs/<id:club_id>/requests/<id:request_id>/accept", people.Accept.as_view()),
    path("clubs/<id:club_id>/requests/<id:request_id>/decline", people.Decline.as_view()),
    path("clubs/<id:club_id>/invitations", people.Invitations.as_view()),
    path("clubs/<id:club_id>/invitations/<id:invitation_id>", people.InvitationDetail.as_view()),
    path("invitations/<code:code>/accept", people.AcceptInvitation.as_view()),
    path("group-sessions", sessions.Sessions.as_view()),
    path("group-sessions/<id:session_id>", sessions.SessionDetail.as_view()),
    path("group-sessions/<id:session_id>/cancel", sessions.Cancel.as_view()),
    path("group-sessions/<id:session_id>/participation", sessions.Booking.as_view()),
    path("group-sessions/<id:session_id>/participations", sessions.Participations.as_view()),
]
