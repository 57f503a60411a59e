"""What numbers may later know about a viewer: kind of device and country. The address itself is never kept."""

import ipaddress
import logging
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from streaming.enums import Device

log = logging.getLogger(__name__)

_TV = re.compile(
    r"smart-?tv|appletv|apple tv|googletv|android tv|bravia|aft[a-z]{1,2}\b|roku|tizen.+tv|web0s|hbbtv|crkey"
)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)")
_PHONE = re.compile(r"iphone|ipod|android.*mobile|windows phone|mobile")
_DESKTOP = re.compile(r"windows nt|macintosh|x11|linux x86_64|cros ")


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """Where a person watches from."""

    kind: Device
    country: str
    site: bool  # our own page, which is counted by its socket
    device: str  # the same for the same device of a person, or what comes closest to it


class _Found(Protocol):
    country_code: str


class _Countries(Protocol):
    def lookup(self, ipaddr: str) -> _Found: ...


def device_of(user_agent: str) -> Device:
    """A guess, good enough for a chart."""
    words = user_agent[:500].lower()
    for pattern, device in (
        (_TV, Device.TV),
        (_TABLET, Device.TABLET),
        (_PHONE, Device.PHONE),
        (_DESKTOP, Device.DESKTOP),
    ):
        if pattern.search(words):
            return device
    return Device.OTHER


def country_of(address: str) -> str:
    """ISO code from the file inside the package; empty for private, malformed or unknown addresses."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if not parsed.is_global:
        return ""
    code = _countries().lookup(str(parsed)).country_code
    return code if re.fullmatch(r"[A-Z]{2}", code) else ""


@cache
def _countries() -> _Countries:
    """Loaded with the first public address: a tenth of a second, once per process."""
    with warnings.catch_warnings():
        # geoip2fast 1.2.2 has regular expressions that Python warns of when it compiles them.
        warnings.simplefilter("ignore", SyntaxWarning)
        from geoip2fast import GeoIP2Fast

    countries: _Countries = GeoIP2Fast(geoip2fast_data_file="geoip2fast-ipv6.dat.gz")
    return countries
