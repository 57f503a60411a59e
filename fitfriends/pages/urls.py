"""Addresses of the site's own pages."""

from django.urls import path

from fitfriends.pages import account, classes, clubs, founding, home, memberships, notices, planning, seats, studio

urlpatterns = [
    path("", home.home, name="home"),
    path("schedule", home.schedule, name="schedule"),
    path("my/classes", home.my_classes, name="my-classes"),
    path("clubs", clubs.clubs, name="clubs"),
    path("clubs/new", founding.found, name="club-new"),
    path("clubs/<slug:slug>/change", founding.change, name="club-change"),
    path("clubs/<slug:slug>", clubs.club, name="club"),
    path("clubs/<slug:slug>/join", memberships.join, name="club-join"),
    path("clubs/<slug:slug>/leave", memberships.leave, name="club-leave"),
    path("clubs/<slug:slug>/invitations", memberships.invite, name="club-invite"),
    path("clubs/<slug:slug>/requests/<id:request_id>", memberships.answer, name="club-request"),
    path("invitations/<code:code>", memberships.invitation, name="invitation"),
    path("classes/<id:session_id>", classes.class_page, name="class"),
    path("classes/<id:session_id>/seat", seats.save_seat, name="seat"),
    path("classes/<id:session_id>/seat/release", seats.release_seat, name="seat-release"),
    path("notifications", notices.notifications, name="notifications"),
    path("notifications/read", notices.read_all, name="notifications-read"),
    path("notifications/<id:notification_id>", notices.open_one, name="notification"),
    path("studio", studio.studio_list, name="studio"),
    path("studio/new", planning.plan, name="studio-plan"),
    path("studio/<id:session_id>/cancel", planning.call_off, name="studio-cancel"),
    path("studio/<id:session_id>", studio.studio_class, name="studio-class"),
    path("studio/<id:session_id>/floor", studio.floor, name="studio-floor"),
    path("studio/<id:session_id>/stream", studio.create, name="studio-create"),
    path("studio/<id:session_id>/start", studio.start, name="studio-start"),
    path("studio/<id:session_id>/end", studio.end, name="studio-end"),
    path("studio/<id:session_id>/take-over", studio.take_over, name="studio-take-over"),
    path("studio/<id:session_id>/key", studio.show_key, name="studio-key"),
    path("studio/<id:session_id>/key/rotate", studio.rotate_key, name="studio-rotate"),
    path("account/", account.account, name="account"),
    path("account/mail", account.save_mail, name="account-mail"),
    path("account/tokens", account.make_token, name="account-tokens"),
    path("account/tokens/<id:token_id>/revoke", account.revoke_token, name="account-token-revoke"),
]
