from django.urls import path

from chat.api import filter_views, moderation, polls, questions, report_views, views

urlpatterns = [
    path("rooms/<str:room_id>/messages", views.History.as_view(), name="chat-history"),
    path("rooms/<str:room_id>/settings", moderation.Settings.as_view(), name="chat-settings"),
    path("rooms/<str:room_id>/actions", moderation.Actions.as_view(), name="chat-actions"),
    path("clubs/<id:club_id>/actions", moderation.AuditLog.as_view(), name="chat-audit-log"),
    path("messages/<int:message_id>", views.OneMessage.as_view(), name="chat-message"),
    path("messages/<int:message_id>/restore", moderation.Restore.as_view(), name="chat-message-restore"),
    path("messages/<int:message_id>/pin", moderation.Pin.as_view(), name="chat-message-pin"),
    path("rooms/<str:room_id>/reports", report_views.Reports.as_view(), name="chat-report"),
    path("clubs/<id:club_id>/reports", report_views.Queue.as_view(), name="chat-reports"),
    path("reports/<id:report_id>", report_views.OneReport.as_view(), name="chat-one-report"),
    path("reports/<id:report_id>/take", report_views.Take.as_view(), name="chat-report-take"),
    path("reports/<id:report_id>/put-back", report_views.PutBack.as_view(), name="chat-report-put-back"),
    path("reports/<id:report_id>/notes", report_views.Notes.as_view(), name="chat-report-notes"),
    path("reports/<id:report_id>/close", report_views.Close.as_view(), name="chat-report-close"),
    path("rooms/<str:room_id>/held", filter_views.Held.as_view()),
    path("held/<id:held_id>/release", filter_views.Release.as_view()),
    path("held/<id:held_id>/reject", filter_views.Reject.as_view()),
    path("rooms/<str:room_id>/polls", polls.Polls.as_view(), name="chat-polls"),
    path("polls/<id:poll_id>/close", polls.Close.as_view(), name="chat-poll-close"),
    path("polls/<id:poll_id>/vote", polls.Vote.as_view(), name="chat-poll-vote"),
    path("rooms/<str:room_id>/questions", questions.Questions.as_view(), name="chat-questions"),
    path("questions/<id:question_id>", questions.OneQuestion.as_view(), name="chat-question"),
    path("questions/<id:question_id>/vote", questions.QuestionVotes.as_view(), name="chat-question-vote"),
    path("rooms/<str:room_id>/hands", questions.Hands.as_view(), name="chat-hands"),
    path("rooms/<str:room_id>/hands/<id:user_id>", questions.OneHand.as_view(), name="chat-hand"),
    path("rooms/<str:room_id>/reactions", questions.Reactions.as_view(), name="chat-reactions"),
]
