"""Addresses of the site's own pages."""

from django.urls import path

from fitfriends.pages import account, classes, clubs, home, notices

urlpatterns = [
    path("", home.home, name="home"),
    path("schedule", home.schedule, name="schedule"),
    path("my/classes", home.my_classes, name="my-classes"),
    path("clubs", clubs.clubs, name="clubs"),
    path("clubs/<slug:slug>", clubs.club, name="club"),
    path("classes/<id:session_id>", classes.class_page, name="class"),
    path("notifications", notices.notifications, name="notifications"),
    path("notifications/read", notices.read_all, name="notifications-read"),
    path("notifications/<id:notification_id>", notices.open_one, name="notification"),
    path("account/", account.account, name="account"),
    path("account/mail", account.save_mail, name="account-mail"),
    path("account/tokens", account.make_token, name="account-tokens"),
    path("account/tokens/<id:token_id>/revoke", account.revoke_token, name="account-token-revoke"),
]
