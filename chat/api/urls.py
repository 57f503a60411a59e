from django.urls import path

from chat.api import filter_views, order, views

urlpatterns = [
    path("rooms/<str:room_id>/messages", views.History.as_view(), name="chat-history"),
    path("rooms/<str:room_id>/settings", order.Settings.as_view(), name="chat-settings"),
    path("rooms/<str:room_id>/actions", order.Actions.as_view(), name="chat-actions"),
    path("clubs/<id:club_id>/actions", order.AuditLog.as_view(), name="chat-audit-log"),
    path("messages/<int:message_id>", views.OneMessage.as_view(), name="chat-message"),
    path("messages/<int:message_id>/restore", order.Restore.as_view(), name="chat-message-restore"),
    path("messages/<int:message_id>/pin", order.Pin.as_view(), name="chat-message-pin"),
    path("rooms/<str:room_id>/held", filter_views.Held.as_view()),
    path("held/<id:held_id>/release", filter_views.Release.as_view()),
    path("held/<id:held_id>/reject", filter_views.Reject.as_view()),
]
