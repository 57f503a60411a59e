"""A week of the reader's own days, from Monday."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fitfriends.core import clock

_WEEK = re.compile(r"(\d{4})-W(\d{2})\Z")


@dataclass(frozen=True, slots=True)
class Week:
    first: date
    today: date

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(7)]

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        return _midnight(self.first + timedelta(days=7))

    @property
    def before(self) -> str:
        return _name(self.first - timedelta(days=7))

    @property
    def after(self) -> str:
        return _name(self.first + timedelta(days=7))

    @property
    def is_this(self) -> bool:
        return self.first <= self.today <= self.last


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _name(day: date) -> str:
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def week_of(name: str) -> Week:
    """The week called `2026-W47`; the current one when there is no such week (or none a calendar page can show)."""
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    match = _WEEK.match(name)
    if match and 2000 <= int(match[1]) <= 2100:
        try:
            return Week(date.fromisocalendar(int(match[1]), int(match[2]), 1), today)
        except ValueError:
            pass
    return Week(today - timedelta(days=today.weekday()), today)
