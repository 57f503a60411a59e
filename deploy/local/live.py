"""Where one stack's WebRTC lives: sockets, ports, addresses; and whether this machine can carry it."""

import fcntl
import hashlib
import os
import re
import socket
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import ports, programs
from deploy.local.errors import StackError

PORTS = 800  # UDP, of which a quarter is the relay's
SEATS = 60
_SOCKET_LIMIT = 96  # a unix socket's path ends at 108 bytes
_GET_ADDRESS = 0x8915  # SIOCGIFADDR
VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vbox")  # their addresses are no peer's
LIBRARIES = ("usr/lib/*/janus", "usr/lib/janus", "usr/lib64/janus", "usr/local/lib/janus", "opt/janus/lib/janus")
ENOUGH_BYTES = 2 * 2**20
_SYSCTL = Path("/proc/sys/net/core/rmem_default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One stack's. `media` are UDP ports that peers reach."""

    media: range = field(default_factory=lambda: ports.pick_udp(PORTS))
    turn_port: int = field(default_factory=ports.pick_relay)
    turns_port: int = field(default_factory=ports.pick_relay)
    public_ip: str = ""  # behind 1:1 NAT: the address that the world sees
    interfaces: tuple[str, ...] = ()  # only these; all but virtual ones when empty

    @property
    def janus_ports(self) -> range:
        return self.media[: len(self.media) * 3 // 4]

    @property
    def relay_ports(self) -> range:
        return self.media[len(self.media) * 3 // 4 :]

    def addresses(self) -> list[str]:
        """IPv4 addresses of this machine that peers may use, loopback aside."""
        names = [name for _, name in socket.if_nameindex()]
        wanted = self.interfaces or [name for name in names if name != "lo" and not name.startswith(VIRTUAL)]
        return [address for name in names if name in wanted and (address := _address(name))]

    def turn_urls(self, public_url: str, *, tls: bool) -> list[str]:
        """As clients are told. `localhost` is no address for a relay: there the machine's own takes its place."""
        host = urlsplit(public_url).hostname or "localhost"
        plain = next(iter(self.addresses()), host) if host in {"localhost", "127.0.0.1"} else host
        found = [f"turn:{plain}:{self.turn_port}?transport={transport}" for transport in ("udp", "tcp")]
        return [*found, f"turns:{host}:{self.turns_port}?transport=tcp"] if tls else found


def from_environment() -> Live:
    """The demo's: the usual ports where they are free, others where they are not, unless they were given."""
    given = os.environ.get
    return Live(
        media=_range(given("SFU_PORTS", "")) or ports.pick_udp(PORTS),
        turn_port=_port("TURN_PORT", 3478),
        turns_port=_port("TURNS_PORT", 5349),
        public_ip=_checked("SFU_PUBLIC_IP", r"\d{1,3}(\.\d{1,3}){3}", "an IPv4 address"),
        interfaces=tuple(filter(None, _checked("SFU_INTERFACES", r"[\w.:,@-]+", "names with commas").split(","))),
    )


def folder(run: Path) -> Path:
    """For configurations and sockets; elsewhere when the stack's own path is too long for a socket."""
    if len(os.fsencode(run / "live/janus/admin.sock")) <= _SOCKET_LIMIT:
        return run / "live"
    short = hashlib.sha256(str(run).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"ffc-{os.getuid()}-{short}-live")


def missing() -> list[str]:
    """Debian's names of what this machine lacks for WebRTC."""
    found = []
    try:
        programs.find("janus")
        library("plugins", "libjanus_videoroom.so")
    except StackError:
        found.append("janus")
    try:
        programs.find("turnserver")
    except StackError:
        found.append("coturn")
    return found


def advice() -> list[str]:
    """What this machine should be told to do better, in words. Nothing is changed here."""
    said = []
    if lacking := missing():
        said.append(
            f"  WebRTC is off: {' and '.join(lacking)} could not be found. Everything else works: RTMP in, HLS out."
        )
    elif _SYSCTL.exists() and (bytes_ := int(_SYSCTL.read_text())) < ENOUGH_BYTES:
        said.append(
            f"  Note: net.core.rmem_default is {bytes_}. Large pictures may reach WebRTC viewers with gaps. Better:\n"
            f"        sudo sysctl -w net.core.rmem_default={ENOUGH_BYTES} net.core.rmem_max={4 * ENOUGH_BYTES}"
        )
    return said


def library(kind: str, name: str) -> Path:
    """A module of Janus'. Raises StackError."""
    places = [place for pattern in LIBRARIES for place in sorted(Path("/").glob(pattern))]
    for place in places:
        if (found := place / kind / name).exists():
            return found
    raise StackError(f"Janus lacks {name}. On Debian: apt install janus")


def _address(interface: str) -> str:
    with socket.socket(type=socket.SOCK_DGRAM) as asking:
        try:
            found = fcntl.ioctl(asking, _GET_ADDRESS, struct.pack("256s", interface.encode()[:15]))
        except OSError:  # it has none
            return ""
    return socket.inet_ntoa(found[20:24])


def _range(given: str) -> range | None:
    if not given:
        return None
    found = re.fullmatch(r"(\d{4,5})-(\d{4,5})", given)
    if not found or not int(found[1]) + 100 <= int(found[2]) <= 65535:
        raise StackError(f"SFU_PORTS must be first-last, at least 100 UDP ports, not {given!r}.")
    return range(int(found[1]), int(found[2]) + 1)


def _port(name: str, usual: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        free = ports.is_free(usual, _EVERYWHERE) and ports.is_free_udp(usual, _EVERYWHERE)
        return usual if free else ports.pick_relay()
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise StackError(f"{name} must be a port number, not {value!r}.")
    return int(value)


def _checked(name: str, grammar: str, words: str) -> str:
    value = os.environ.get(name, "")
    if value and not re.fullmatch(grammar, value):
        raise StackError(f"{name} must be {words}, not {value!r}.")
    return value


_EVERYWHERE = "0.0.0.0"  # noqa: S104 -- asked whether it is free, not listened on
