"""Rate limits per person and per address; the address lives in Redis as a digest, for two minutes.

Counted by slots of the limit's length, the one before by the share of it that still matters: two numbers for each
caller however much they ask, and one round trip, which also tells the time for those who need Redis' clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rest_framework.throttling import SimpleRateThrottle

from fitfriends.core import client_address, redis

if TYPE_CHECKING:  # rest_framework.views imports this module through its settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


# Answers with the moment in microseconds and 0, or with 0 and how long to wait in milliseconds.
_ADMIT = redis.Script("""
local limit, length = tonumber(ARGV[1]), tonumber(ARGV[2])
local slot, into = math.floor(now / length), now % length
local known = redis.call('HMGET', KEYS[1], 'slot', 'here', 'before')
local here, before = tonumber(known[2]) or 0, tonumber(known[3]) or 0
local passed = slot - (tonumber(known[1]) or 0)
if passed > 0 then here, before = 0, passed == 1 and here or 0 end
if here + math.ceil(before * (1 - into / length)) >= limit then
  local until_ms = here < limit and length * (1 - (limit - here - 1) / before) or length
  return {0, math.max(1, math.ceil(until_ms - into))}
end
redis.call('HSET', KEYS[1], 'slot', slot, 'here', here + 1, 'before', before)
redis.call('PEXPIRE', KEYS[1], 2 * length)
return {micros, 0}
""")
_MOMENT = "_moment"


def moment(request: Request) -> int | None:
    """Redis' clock, in microseconds, when the request passed its rate limit; None where none applied."""
    return getattr(request, _MOMENT, None)


class _Limit(SimpleRateThrottle):
    num_requests: int
    duration: int  # seconds
    _wait_ms = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        key = self.get_cache_key(request, view) if self.rate is not None else None
        if key is None:
            return True
        found, self._wait_ms = cast(
            "tuple[int, int]", _ADMIT.run((redis.key(key),), self.num_requests, self.duration * 1000)
        )
        if found:
            setattr(request, _MOMENT, found)
        return bool(found)

    def wait(self) -> float:
        return self._wait_ms / 1000


class PerUserThrottle(_Limit):
    scope = "person"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}


class PerAddressThrottle(_Limit):
    """Callers who are not signed in, by address."""

    scope = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002
        if request.user.is_authenticated:
            return None
        ident = client_address.digest(client_address.of_request(request))
        return self.cache_format % {"scope": self.scope, "ident": ident}


class LoginThrottle(PerAddressThrottle):
    """Attempts to sign in by the API."""

    scope = "login"
