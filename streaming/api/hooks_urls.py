from django.urls import path

from streaming.api import hooks

urlpatterns = [
    path("publish", hooks.publish),
    path("publish_done", hooks.publish_done),
    path("update", hooks.update),
]
