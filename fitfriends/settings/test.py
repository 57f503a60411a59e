"""The tests: real PostgreSQL and Redis from the test run, quick password hashes, mail kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "test-only-secret-key")
os.environ.setdefault("STREAM_KEY_SECRET", "test-only-stream-key-secret")
os.environ.setdefault("HOOK_SECRET", "test-only-hook-secret")
os.environ.setdefault("TURN_SERVER_SECRET", "test-only-turn-secret")
os.environ.setdefault("SFU_SECRET", "test-only-sfu-secret")

from fitfriends.settings.base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
THROTTLE_RATES.update(person="100000/min", address="100000/min")
# Pages are looked at without collecting files first; what is collected has tests of its own.
STORAGES["staticfiles"] = SOURCES
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# A thread that crossed over from an event loop keeps no connection: one left open keeps the database from going.
DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False)
