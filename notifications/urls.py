from django.urls import path

from notifications import views

urlpatterns = [path("notifications/unsubscribe/<code:token>", views.unsubscribe_page, name="unsubscribe")]
