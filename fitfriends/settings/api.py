"""Settings of the REST API: who calls, how often, what the schema says."""

from fitfriends.core import env

TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1, meaning="Proxies of ours in front of the application.")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES  # the site's sign-in counts the same addresses as the API
THROTTLE_RATES = {
    "person": env.text("THROTTLE_PERSON", "600/min", meaning="API requests of one signed-in person."),
    "address": env.text("THROTTLE_ADDRESS", "120/min", meaning="API requests of one address, not signed in."),
    "login": env.text("THROTTLE_LOGIN", "10/min", meaning="Attempts of one address to get an API token."),
    "upload-test": "12/min",  # six measurements of one person's line, of two uploads each
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.api.permissions.HasScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["fitfriends.core.parsers.Json"],
    "DEFAULT_PAGINATION_CLASS": "fitfriends.core.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "fitfriends.core.schema.EnvelopeSchema",
    "EXCEPTION_HANDLER": "fitfriends.core.api.handle_exception",
    "DEFAULT_THROTTLE_CLASSES": [
        "fitfriends.core.throttling.PerUserThrottle",
        "fitfriends.core.throttling.PerAddressThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": THROTTLE_RATES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "FitFriendsClubs API",
    "DESCRIPTION": "Clubs, classes and live streams. Send `Authorization: Bearer <token>`.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "clubs.enums.Role.choices",
        "InvitableRoleEnum": "clubs.enums.INVITABLE",
        "StreamStateEnum": "streaming.enums.State.values",
        "RoomRoleEnum": "streaming.enums.Role.values",
        "RequestStateEnum": "clubs.enums.RequestState.choices",
        "ReportStateEnum": "chat.moderation.enums.ReportState.choices",
        "ReportOutcomeEnum": "chat.moderation.enums.Verdict.choices",
        "ReportWhyEnum": "chat.moderation.enums.Why.choices",
        "QuestionStateEnum": "chat.enums.QuestionState.choices",
        "ChatOutcomeEnum": "chat.enums.Outcome.choices",
        "ChatHabitOutcomeEnum": "chat.enums.UNMASKED",
    },
    "PATH_CONVERTER_OVERRIDES": {
        "id": {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
        "code": {"type": "string", "pattern": "^[A-Za-z0-9_:.-]{16,200}$"},
    },
}
CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS", [], meaning="Third-party front ends that may call the API.")
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_CREDENTIALS = False
