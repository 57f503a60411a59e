from django.urls import path

from accounts.api import schema, views  # noqa: F401 -- tells the OpenAPI schema about bearer tokens

urlpatterns = [
    path("accounts/token", views.PasswordToken.as_view()),
    path("accounts/tokens", views.Tokens.as_view()),
    path("accounts/tokens/<id:token_id>", views.TokenDetail.as_view()),
]
