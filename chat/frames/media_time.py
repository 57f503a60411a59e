"""The moment of the class that somebody was seeing as they said or did something: the playhead's PROGRAM-DATE-TIME.

Milliseconds since 1970 (RFC 8216bis section 4.4.4.6). It is the client's word, so it counts only within the class.
"""

from datetime import datetime, timedelta

from fitfriends.core import clock

# Clocks differ, and the picture starts before the class is called live.
LEEWAY = timedelta(minutes=2)


def bounded(media_time: int | None, *, started_at: datetime | None, at: datetime) -> int | None:
    """None when there is nothing to see yet, or when it lies before the class or after now."""
    if media_time is None or started_at is None:
        return None
    earliest, latest = clock.to_ms(started_at - LEEWAY), clock.to_ms(at + LEEWAY)
    return media_time if earliest <= media_time <= latest else None
