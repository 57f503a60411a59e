"""What one stack is: where its state lives, which ports it opens, what its processes are told."""

import json
import os
import resource
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.local import live, ports
from deploy.local.errors import StackError

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "deploy" / "nginx"
GROUP = "ffc"  # every process but Redis, as supervisord names them
MARK = "FFC_STACK"  # in the environment of every process, so that a stray one is recognised as ours


@dataclass(frozen=True, slots=True)
class Internal:
    """Loopback ports behind the two public ones."""

    app: int
    sockets: int
    redis: int
    stat: int
    push: int
    rtmps: int  # from where TLS was taken off to the ingest, with the broadcaster's own address

    @classmethod
    def pick(cls) -> "Internal":
        return cls(*ports.pick(6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """HTTPS and RTMPS beside the plain doors; the plain HTTP one then only points to the other."""

    certificate: Path  # the chain, PEM
    key: Path
    https_port: int = 8443
    rtmps_port: int = 1936
    plain_rtmp: bool = True  # False: RTMP is heard on loopback only
    made_here: bool = False  # by deploy.local.certificate, which keeps its authority beside it

    @property
    def authority(self) -> Path:
        return self.certificate.with_name("ca.pem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """All paths hang below `state`; `extra` goes last into every process's environment."""

    state: Path
    database_url: str
    settings_module: str = "fitfriends.settings.demo"
    bind: str = "127.0.0.1"
    http_port: int = 8080
    rtmp_port: int = 1935
    internal: Internal = field(default_factory=Internal.pick)
    broadcast: bool = True
    tls: Tls | None = None
    webrtc: live.Live = field(default_factory=live.Live)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def run(self) -> Path:
        return self.state / "run"

    @property
    def log(self) -> Path:
        return self.state / "log"

    @property
    def hls(self) -> Path:
        return self.state / "hls"

    @property
    def live_folder(self) -> Path:
        """Configurations and sockets of what carries WebRTC."""
        return live.folder(self.run)

    @property
    def parts(self) -> Path:
        """Where the parts of the last seconds lie; `HLS_PARTS_ROOT` may move them to memory."""
        return Path(self.extra.get("HLS_PARTS_ROOT", self.hls))

    @property
    def from_sources(self) -> bool:
        """Scripts and styles as they are written; nothing is collected, and nginx leaves them to the application."""
        return self.extra.get("STATIC_FROM_SOURCES", "").lower() in {"1", "true", "yes", "on"}

    @property
    def static(self) -> Path:
        return self.state / ("nothing-collected" if self.from_sources else "static")

    @property
    def demo_json(self) -> Path:
        return self.state / "demo.json"

    def demo(self) -> dict[str, Any]:
        """What the seed tells scripts: accounts, clubs, classes."""
        content: dict[str, Any] = json.loads(self.demo_json.read_text())
        return content

    @property
    def demo_files(self) -> Path:
        """The looping clip, and the key that it is broadcast with."""
        return self.state / "demo"

    @property
    def directories(self) -> tuple[Path, ...]:
        names = ("run/nginx", "log", "hls", "mail", "media", "demo", "redis")
        return (self.state, self.static, *(self.state / name for name in names))

    @property
    def public_url(self) -> str:
        plain, tls = f"http://localhost:{self.http_port}", self.tls
        return self.extra.get("PUBLIC_URL", f"https://localhost:{tls.https_port}" if tls else plain)

    @property
    def hosts(self) -> list[str]:
        """The names that the site answers to."""
        return sorted({"localhost", "127.0.0.1", urlsplit(self.public_url).hostname or "localhost"})

    @property
    def rtmp_url(self) -> str:
        plain, tls = f"rtmp://localhost:{self.rtmp_port}/live", self.tls
        return self.extra.get("RTMP_PUBLIC_URL", f"rtmps://localhost:{tls.rtmps_port}/live" if tls else plain)

    @property
    def public_ports(self) -> dict[str, int]:
        """By the name of the setting that moves each."""
        found = {"HTTP_PORT": self.http_port, "RTMP_PORT": self.rtmp_port}
        return found | ({"HTTPS_PORT": self.tls.https_port, "RTMPS_PORT": self.tls.rtmps_port} if self.tls else {})

    @property
    def verdict_seconds(self) -> int:
        return int(self.extra.get("VERDICT_CACHE_SECONDS", "4"))

    @property
    def verdict_stale_seconds(self) -> int:
        return int(self.extra.get("VERDICT_STALE_SECONDS", "600"))

    def environment(self, secrets: dict[str, str]) -> dict[str, str]:
        """What every process of this stack is started with, on top of the caller's own environment."""
        password = secrets["REDIS_PASSWORD"]
        return {
            "DJANGO_SETTINGS_MODULE": self.settings_module,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            MARK: str(self.state),
            "STATE_DIR": str(self.state),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://:{password}@127.0.0.1:{self.internal.redis}/0",
            "PUBLIC_URL": self.public_url,
            "ALLOWED_HOSTS": ",".join(self.hosts),
            "RTMP_PUBLIC_URL": self.rtmp_url,
            "RTMP_PULL_URL": f"rtmp://127.0.0.1:{self.rtmp_port}/live",
            "RTMP_STAT_URL": f"http://127.0.0.1:{self.internal.stat}/stat",
            "HLS_ROOT": str(self.hls),
            "HLS_PARTS_ROOT": str(self.parts),
            "HLS_PUSH_URL": f"http://127.0.0.1:{self.internal.push}",
            "STATIC_ROOT": str(self.static),
            "MEDIA_ROOT": str(self.state / "media"),
            "MAIL_DIR": str(self.state / "mail"),
            "SFU_SOCKET": str(self.live_folder / "sfu.sock"),
            "JANUS_SOCKET": str(self.live_folder / "janus" / "janus.sock"),
            "WEBRTC_SEATS": "0" if live.missing() else str(live.SEATS),
            "TURN_URLS": ",".join(self.webrtc.turn_urls(self.public_url, tls=self.tls is not None)),
            "VERDICT_CACHE_SECONDS": str(self.verdict_seconds),
            "VERDICT_STALE_SECONDS": str(self.verdict_stale_seconds),
            **{name: value for name, value in secrets.items() if name != "REDIS_PASSWORD"},
            **self.extra,
        }


PASSED_ON = (
    "HLS_PARTS_ROOT",
    "PUBLIC_URL",
    "RTMP_PUBLIC_URL",
    "STREAMING_CDN_URL",
    "ALLOWED_HOSTS",
    "VERDICT_CACHE_SECONDS",
    "VERDICT_STALE_SECONDS",
    "EDGE_SECRET",
    "TURN_URLS",
    "STUN_URLS",
    "WEBRTC_SEATS",
    "STATIC_FROM_SOURCES",
)


def demo() -> Stack:
    """The demo of this clone; HTTP_PORT, RTMP_PORT and BIND may move it, TLS=1 adds HTTPS and RTMPS."""
    state = ROOT / "var"
    return Stack(
        state=state,
        database_url=f"sqlite:///{state}/demo.sqlite3",
        bind=os.environ.get("BIND", "127.0.0.1"),
        http_port=_port("HTTP_PORT", 8080),
        rtmp_port=_port("RTMP_PORT", 1935),
        tls=_tls(state / "tls") if _on("TLS") else None,
        webrtc=live.from_environment(),
        extra={name: os.environ[name] for name in PASSED_ON if os.environ.get(name)},
    )


def _tls(folder: Path) -> Tls:
    """A certificate of your own by TLS_CERTIFICATE and TLS_KEY, or one that is made here for localhost."""
    given = os.environ.get("TLS_CERTIFICATE"), os.environ.get("TLS_KEY")
    if any(given) and not all(given):
        raise StackError("TLS_CERTIFICATE and TLS_KEY go together.")
    return Tls(
        certificate=Path(given[0] or folder / "cert.pem").resolve(),
        key=Path(given[1] or folder / "key.pem").resolve(),
        https_port=_port("HTTPS_PORT", 8443),
        rtmps_port=_port("RTMPS_PORT", 1936),
        plain_rtmp=_on("RTMP_PLAIN", default=True),
        made_here=not all(given),
    )


def _on(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "").lower()
    if value not in {"", "0", "1", "true", "false"}:
        raise StackError(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true"} if value else default


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise StackError(f"{name} must be a port number, not {value!r}.")
    return int(value)


def open_files() -> int:
    """As many files as an nginx worker may open here, within reason."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return 16384 if hard == resource.RLIM_INFINITY else min(hard, 16384)


def tool(name: str) -> str:
    """A program of the virtual environment that runs this."""
    return str(Path(sys.executable).parent / name)
