from django.urls import path

from chat.api import filter_views, views

urlpatterns = [
    path("rooms/<str:room_id>/messages", views.History.as_view(), name="chat-history"),
    path("messages/<int:message_id>", views.OneMessage.as_view(), name="chat-message"),
    path("rooms/<str:room_id>/held", filter_views.Held.as_view()),
    path("held/<id:held_id>/release", filter_views.Release.as_view()),
    path("held/<id:held_id>/reject", filter_views.Reject.as_view()),
]
