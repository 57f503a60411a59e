"""Seven of the reader's own days, from today or from a day that the address names."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fitfriends.core import clock

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    first: date
    today: date

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS - 1)

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        return _midnight(self.first + timedelta(days=DAYS))

    @property
    def before(self) -> str:
        return (self.first - timedelta(days=DAYS)).isoformat()

    @property
    def after(self) -> str:
        return (self.first + timedelta(days=DAYS)).isoformat()

    @property
    def has_today(self) -> bool:
        return self.first <= self.today <= self.last

    @property
    def is_this(self) -> bool:
        return self.first == self.today


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def week_from(day: str) -> Week:
    """The week from `2026-11-22` on; from today when that is no day (or none that a calendar needs)."""
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    try:
        first = date.fromisoformat(day)
    except ValueError:
        return Week(today, today)
    return Week(first if 2000 <= first.year <= 2100 else today, today)
