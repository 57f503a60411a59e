from django.urls import path

from notifications.api import views

urlpatterns = [
    path("notifications", views.Notifications.as_view()),
    path("notifications/read-all", views.ReadAll.as_view()),
    path("notifications/preferences", views.Preferences.as_view()),
    path("notifications/<id:notification_id>/read", views.Read.as_view()),
]
