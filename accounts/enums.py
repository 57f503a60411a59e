"""Words of the accounts app."""

from enum import StrEnum


class Scope(StrEnum):
    """What an API token may be used for; a session may do all of it."""

    READ = "read"
    WATCH = "watch"  # join a class, talk
    BROADCAST = "broadcast"  # create, start and end streams, see keys
    MANAGE = "manage"  # clubs, memberships, classes, profile
