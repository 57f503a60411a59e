"""What is installed, and how the admin looks."""

import sys

from django.templatetags.static import static

INSTALLED_APPS = [
    # Only `runserver` is daphne's; loading Twisted costs every other process half a second at its start.
    *(["daphne"] if "runserver" in sys.argv else []),
    "fitfriends.core.apps.CoreConfig",
    "accounts",
    "notifications",
    "clubs",
    "media_worker",
    "streaming",
    "chat",
    "unfold.apps.BasicAppConfig",  # the plain one would replace our admin site by its own
    "fitfriends.core.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "channels",
]
UNFOLD = {
    "SITE_TITLE": "FitFriendsClubs",
    "SITE_HEADER": "FitFriendsClubs",
    "SITE_SUBHEADER": "Clubs and classes",
    "SITE_URL": "/",
    "SITE_SYMBOL": "exercise",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("icons/favicon.svg")}],
    # The accent of static/css/lib/tokens.css; from 600 on dark enough to carry white text.
    "COLORS": {
        "primary": {
            "50": "#fff4f0",
            "100": "#ffe6de",
            "200": "#ffcdbd",
            "300": "#ffab92",
            "400": "#ff8c6b",
            "500": "#ff7f5c",
            "600": "#b3401f",
            "700": "#8f3217",
            "800": "#722811",
            "900": "#59200f",
            "950": "#330f05",
        }
    },
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
}
