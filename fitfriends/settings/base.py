"""Settings that every environment shares; values come from the environment by one typed reader."""

from urllib.parse import urlsplit

from django.utils.csp import CSP

from fitfriends.core import env
from fitfriends.settings.api import *
from fitfriends.settings.apps import *
from fitfriends.settings.media import *
from fitfriends.settings.paths import *
from fitfriends.settings.static import *
from fitfriends.settings.webrtc import *

# --- secrets and addresses -----------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY", meaning="Signs sessions and tokens.")
STREAM_KEY_SECRET = env.secret("STREAM_KEY_SECRET", meaning="Encrypts stream keys and digests API tokens.")
HOOK_SECRET = env.secret("HOOK_SECRET", meaning="Shared by the RTMP ingest and its hooks.")
TURN_SERVER_SECRET = env.secret("TURN_SERVER_SECRET", meaning="Shared with the TURN server (TURN REST).")
SFU_SECRET = env.secret("SFU_SECRET", meaning="What Janus is locked with is derived from it, by its gateway too.")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1"], meaning="Host names the site answers to.")
PUBLIC_URL = env.text(
    "PUBLIC_URL", "http://localhost:8080", meaning="Address people open: site, API, sockets, HLS."
).rstrip("/")
_WS_URL = PUBLIC_URL.replace("http", "ws", 1)
STREAMING_CDN_URL = (
    env.text("STREAMING_CDN_URL", meaning="Address that HLS is served from; empty means PUBLIC_URL.") or PUBLIC_URL
).rstrip("/")
CHAT_SERVER_URL = (
    env.text("CHAT_SERVER_URL", meaning="Address of the chat sockets; empty means PUBLIC_URL as ws(s).") or _WS_URL
).rstrip("/")
SIGNALLING_URL = (
    env.text("SIGNALLING_URL", meaning="Address of the WebRTC sockets; empty means PUBLIC_URL as ws(s).") or _WS_URL
).rstrip("/")
RTMP_PUBLIC_URL = env.text(
    "RTMP_PUBLIC_URL", "rtmp://localhost:1935/live", meaning="Address that instructors broadcast to."
).rstrip("/")
RTMP_PULL_URL = env.text(
    "RTMP_PULL_URL", "rtmp://127.0.0.1:1935/live", meaning="Address that media workers pull from."
).rstrip("/")
RTMP_STAT_URL = env.text("RTMP_STAT_URL", meaning="Statistics page of the RTMP ingest, for signal facts.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- requests ------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fitfriends.core.middleware.ReadersTimeZone",
    "fitfriends.core.middleware.DomainErrors",
]
ROOT_URLCONF = "fitfriends.urls"
WSGI_APPLICATION = "fitfriends.wsgi.application"
ASGI_APPLICATION = "fitfriends.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "fitfriends.pages.context.site",
            ],
            "libraries": {"site": "fitfriends.pages.tags"},
        },
    }
]

# --- data ----------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        f"sqlite:///{STATE_DIR}/demo.sqlite3",
        meaning="PostgreSQL in production, SQLite in the demo.",
    )
}
DATABASE_POOL = env.switch(
    "DATABASE_POOL", default=False, meaning="Pool PostgreSQL connections (for the socket processes)."
)
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "fitfriends.core.postgres"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # IMMEDIATE: two writers queue at BEGIN instead of failing in the middle of a transaction.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif DATABASE_POOL:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 16, "timeout": 10}}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # What a connection has run five times, PostgreSQL need not plan again: half the time of a look-up.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text(
    "REDIS_URL",
    "redis://127.0.0.1:6379/0",
    meaning="Broker, channel layer, presence, leases, revocations, cache.",
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ffc-cache",
    }
}
CHANNEL_LAYERS = {
    "default": {
        # pubsub keeps order and never drops silently; the hub needs one subscription per room and process.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 caps a pool at 100 connections, which refuses joiners in a storm.
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "max_connections": 4000}],
            "prefix": f"ffc{urlsplit(REDIS_URL).path.strip('/') or 0}",
        },
    }
}

CHAT_WINDOW_MS = env.number(
    "CHAT_WINDOW_MS",
    50,
    meaning="How long a loud talk gathers messages into one frame at least. 0: each goes at once.",
)

# --- Celery --------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"media_worker.tasks.transcode": {"queue": "media"}}
# Early acknowledgement: Redis redelivers unacknowledged tasks after an hour, which would start a second ffmpeg.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 12 * 3600, "global_keyprefix": "ffc-celery:"}
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "reap-lost-runs": {"task": "media_worker.tasks.reap", "schedule": 2.0, "options": {"expires": 4}},
    "keep-time": {"task": "streaming.tasks.keep_time", "schedule": 2.0, "options": {"expires": 4}},
    "flush-viewings": {
        "task": "streaming.tasks.flush_viewings",
        "schedule": 2.0,
        "options": {"expires": 4},
    },
    "note-token-uses": {"task": "accounts.tasks.note_uses", "schedule": 10.0, "options": {"expires": 20}},
    "chat-retention": {"task": "chat.tasks.retention", "schedule": 3600.0, "options": {"expires": 1800}},
    "retention": {"task": "media_worker.tasks.retention", "schedule": 3600.0, "options": {"expires": 1800}},
}

# --- people --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# Extends Django's; listing both would hash a wrong password twice.
AUTHENTICATION_BACKENDS = ["accounts.backends.SiteBackend"]
SESSION_ENGINE = "fitfriends.core.sessions"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", "FitFriendsClubs <hello@localhost>", meaning="Sender of every mail."
)
MAIL_DIR = env.text("MAIL_DIR", str(STATE_DIR / "mail"), meaning="Folder for mail where no SMTP is set.")
MAILERS: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": MAIL_DIR},
    }
}

# --- files ---------------------------------------------------------------------------------------------------
MEDIA_ROOT = env.text("MEDIA_ROOT", str(STATE_DIR / "media"), meaning="Uploads on local disk.")
MEDIA_URL = "/media/"

# --- words and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- doors ---------------------------------------------------------------------------------------------------
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "fitfriends.core.views.csrf_failure"
_HTTPS = PUBLIC_URL.startswith("https://")
if _HTTPS:
    # The door in front of us takes TLS off, and says so in a header that nobody else can set through it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
_CDN = [] if STREAMING_CDN_URL == PUBLIC_URL else [STREAMING_CDN_URL]
_SOCKETS = sorted({_WS_URL, CHAT_SERVER_URL, SIGNALLING_URL})
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    # The nonce is for media-chrome's style elements (static/js/lib/csp-styles.js); only pages with a player use it.
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "media-src": [CSP.SELF, "blob:", *_CDN],
    "connect-src": [CSP.SELF, *_CDN, *_SOCKETS],
    "worker-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
