"""Production: refuses to start with a missing secret, a demo secret, SQLite, or DEBUG on."""

from django.core.exceptions import ImproperlyConfigured

from fitfriends.core import env
from fitfriends.settings.base import *

_WRONG = [
    name
    for name in ("SECRET_KEY", "STREAM_KEY_SECRET", "HOOK_SECRET", "TURN_SERVER_SECRET", "SFU_SECRET")
    if len(globals()[name]) < 32 or globals()[name].startswith(("demo-", "test-"))
]
if _WRONG:
    raise ImproperlyConfigured(
        f"Set {', '.join(_WRONG)}: production needs secrets of its own, at least 32 characters each."
    )
if env.switch("DEBUG", default=False, meaning="Only ever read to refuse: production does not start with it on."):
    raise ImproperlyConfigured("DEBUG is on. Production does not start with it.")
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    raise ImproperlyConfigured("DATABASE_URL names SQLite. Production needs PostgreSQL.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=True, meaning="Send http callers to https.")
SECURE_REDIRECT_EXEMPT = [r"^hooks/"]  # the ingest calls by plain http on the private network
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31536000, meaning="How long browsers insist on https.")
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.switch(
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True, meaning="HSTS for subdomains too."
)
SECURE_HSTS_PRELOAD = env.switch("SECURE_HSTS_PRELOAD", default=True, meaning="Allow browsers' HSTS preload lists.")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
_SMTP = env.text("EMAIL_HOST", meaning="SMTP server; empty writes mail to MAIL_DIR.")
if _SMTP:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _SMTP,
            "port": env.number("EMAIL_PORT", 587, meaning="SMTP port."),
            "username": env.text("EMAIL_HOST_USER", meaning="SMTP user."),
            "password": env.secret("EMAIL_HOST_PASSWORD", meaning="SMTP password."),
            "use_tls": env.switch("EMAIL_USE_TLS", default=True, meaning="STARTTLS for SMTP."),
            "timeout": 10,
        },
    }
