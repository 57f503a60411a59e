"""What the talk adds below /api/clubs."""

from django.urls import path

from chat.api import filter_views

urlpatterns = [
    path("clubs/<id:club_id>/chat-rules", filter_views.ClubChatRules.as_view()),
]
