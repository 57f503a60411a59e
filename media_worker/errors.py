"""What the media worker refuses."""

from fitfriends.core.errors import Conflict


class RoomHeld(Conflict):
    """Another run still writes this room's files."""

    code = "run:room:held"
    message = "The run before this one is not finished yet."
