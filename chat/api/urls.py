from django.urls import path

from chat.api import filter_views, order, report_views, views

urlpatterns = [
    path("rooms/<str:room_id>/messages", views.History.as_view(), name="chat-history"),
    path("rooms/<str:room_id>/settings", order.Settings.as_view(), name="chat-settings"),
    path("rooms/<str:room_id>/actions", order.Actions.as_view(), name="chat-actions"),
    path("clubs/<id:club_id>/actions", order.AuditLog.as_view(), name="chat-audit-log"),
    path("messages/<int:message_id>", views.OneMessage.as_view(), name="chat-message"),
    path("messages/<int:message_id>/restore", order.Restore.as_view(), name="chat-message-restore"),
    path("messages/<int:message_id>/pin", order.Pin.as_view(), name="chat-message-pin"),
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
]
