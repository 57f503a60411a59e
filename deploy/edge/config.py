"""The configuration of an edge: python -m deploy.edge <folder> writes it there.

EDGE_ORIGIN is the origin's address and EDGE_SECRET the secret that both know; EDGE_PORT, BIND, EDGE_CACHE_MB and
VERDICT_CACHE_SECONDS may be given. Then: nginx -e stderr -p <folder> -c <folder>/edge.conf
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import config, programs, render, secrets_file
from deploy.local.errors import StackError


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    run: Path
    origin: str  # http(s)://host[:port]
    secret: str
    bind: str = "0.0.0.0"  # noqa: S104 -- an edge is there for everybody
    port: int = 8081
    cache_mb: int = 2048
    verdict_seconds: int = 3  # and one at the origin


def from_environment(run: Path) -> Edge:
    given = os.environ.get
    if not given("EDGE_ORIGIN") or not given("EDGE_SECRET"):
        raise StackError("Set EDGE_ORIGIN, the origin's address, and EDGE_SECRET, as the origin has it.")
    return Edge(
        run=run,
        origin=os.environ["EDGE_ORIGIN"],
        secret=os.environ["EDGE_SECRET"],
        bind=given("BIND", "0.0.0.0"),  # noqa: S104 -- an edge is there for everybody
        port=int(given("EDGE_PORT", "8081")),
        cache_mb=int(given("EDGE_CACHE_MB", "2048")),
        verdict_seconds=int(given("VERDICT_CACHE_SECONDS", "3")),
    )


def write(edge: Edge) -> Path:
    """The configuration, readable by its owner alone, for it holds the secret."""
    (edge.run / "edge").mkdir(parents=True, exist_ok=True)
    path = edge.run / "edge.conf"
    secrets_file.write_private(path, render.fill((config.TEMPLATES / "edge.conf").read_text(), _values(edge)))
    return path


def _values(edge: Edge) -> dict[str, str]:
    origin = urlsplit(edge.origin)
    if origin.scheme not in {"http", "https"} or not origin.hostname:
        raise StackError(f"EDGE_ORIGIN must be http(s)://host, not {edge.origin!r}.")
    return {
        "MODULES": programs.nginx_modules("ndk_http_module", "ngx_http_lua_module"),
        "USER": render.user(),
        "RUN": str(edge.run),
        "MIME_TYPES": programs.mime_types(),
        "SNIPPETS": str(config.TEMPLATES),
        "LISTEN": f"    listen {edge.bind}:{edge.port};",
        "SCHEME": origin.scheme,
        "ORIGIN": f"{origin.hostname}:{origin.port or (443 if origin.scheme == 'https' else 80)}",
        "ORIGIN_HOST": origin.netloc,
        "ORIGIN_NAME": origin.hostname,
        "AUTHORITIES": "/etc/ssl/certs/ca-certificates.crt",
        "EDGE_TOKEN": render.edge_token(edge.secret),
        "CACHE_MB": str(edge.cache_mb),
        "VERDICT_SECONDS": str(edge.verdict_seconds),
    }
