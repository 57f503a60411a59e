from django.urls import path

from chat.api import views

urlpatterns = [
    path("rooms/<str:room_id>/messages", views.History.as_view(), name="chat-history"),
    path("messages/<int:message_id>", views.OneMessage.as_view(), name="chat-message"),
]
