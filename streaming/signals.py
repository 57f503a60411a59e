"""What the streaming app tells those above it. Sent after commit; receivers must not raise."""

from django.dispatch import Signal

stream_changed = Signal()  # stream: Stream whose state, picture, window or note changed
stream_live = Signal()  # stream: Stream, exactly once per stream, when it first goes live
viewer_removed = Signal()  # room_id: str, user_id: int: every right in this room is gone
