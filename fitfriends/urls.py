"""All HTTP doors. No trailing slash in the API: the brief's paths are a contract."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from chat.api.socket_schema import SocketSchema

urlpatterns = [
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("api/socket-schema", SocketSchema.as_view(), name="socket-schema"),
    path("api/", include("accounts.api.urls")),
    path("api/", include("clubs.api.urls")),
    path("api/", include("chat.api.club_urls")),
    path("api/", include("notifications.api.urls")),
    path("api/streaming/", include("streaming.api.urls")),
    path("api/chat/", include("chat.api.urls")),
    path("hooks/rtmp/", include("streaming.api.hooks_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("notifications.urls")),
    path("", include("fitfriends.pages.urls")),
]

handler400 = "fitfriends.core.views.bad_request"
handler404 = "fitfriends.core.views.page_not_found"
handler500 = "fitfriends.core.views.server_error"
