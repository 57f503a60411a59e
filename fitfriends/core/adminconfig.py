"""Makes our admin site the one that `admin.site` means."""

from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    default_site = "fitfriends.core.admin.Site"
