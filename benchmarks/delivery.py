"""Parts and playlists a second with every viewer checked, against plain nginx that serves the same files to all.

Also how soon a thousand players that wait for a part are let go.
"""

import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import harness, holding
from benchmarks.verdict import ROOM, tokens_for
from deploy.local import config, ports, programs, ready, render
from tests import services

PEOPLE = 200
# 200 ms at 2.5 Mbit/s. Nearer to 64 kB the loopback would send our answers in two pieces and plain nginx's in one,
# because ours have 200 bytes more of headers.
PART_BYTES = 62_500
PART, PAGE = "part-60.0.m4s", "playlist.m3u8"
PLAIN = """%(user)s
daemon off;
pid "%(run)s/plain.pid";
error_log stderr crit;
worker_processes 2;
events { worker_connections 4096; }
http {
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 65s;
  access_log /dev/stdout;
  client_body_temp_path "%(run)s/nginx/plain-body";
  proxy_temp_path "%(run)s/nginx/plain-proxy";
  fastcgi_temp_path "%(run)s/nginx/plain-fastcgi";
  uwsgi_temp_path "%(run)s/nginx/plain-uwsgi";
  scgi_temp_path "%(run)s/nginx/plain-scgi";
  server {
    listen 127.0.0.1:%(port)s;
    root "%(root)s";
    location /cached/ {
      alias "%(root)s/";
      open_file_cache max=4096 inactive=20s;
      open_file_cache_valid 5s;
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Field:
    stack: config.Stack
    plain_port: int


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses and processes: ours, and plain nginx."""

    ours: str
    plain: str
    checked: int
    bare: int


def main() -> None:
    harness.need("wrk", "taskset", "nginx")
    running = services.start()
    try:
        with tempfile.TemporaryDirectory(dir=_memory()) as state:
            _measure(Path(state), running.redis_url)
    finally:
        running.stop()


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- the packager's folder is in memory, too


def _measure(state: Path, redis_url: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "fitfriends.settings.demo", "REDIS_URL": f"{redis_url}/0"}
    import django

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    field = _prepare(state)
    known = tokens_for(ROOM, PEOPLE)
    folder, sockets = field.stack.run, field.stack.internal.sockets
    uvicorn = [config.tool("uvicorn"), "fitfriends.asgi:application", "--port", str(sockets), "--no-access-log"]
    nginx = [programs.find("nginx"), "-e", "stderr", "-p", str(folder), "-c"]
    ours, plain = f"http://127.0.0.1:{field.stack.http_port}", f"http://127.0.0.1:{field.plain_port}"
    with (
        harness.server(uvicorn, ready=lambda: ready.status(f"http://127.0.0.1:{sockets}/_verdict") == 403),
        harness.server([*nginx, str(folder / "nginx-http.conf")], ready=lambda: ready.status(ours) == 503) as checked,
        harness.server([*nginx, str(folder / "plain.conf")], ready=lambda: ready.status(plain) in {403, 404}) as bare,
    ):
        with holding.handed_over(field.stack, ROOM, _page()):
            rows, found = _compared(Doors(ours, plain, checked, bare), known)
        released = holding.released(field.stack, ROOM, known, _page())
        rows.append(released)
        found["p99 until 1,000 held reloads are released, ms"] = harness.judged(
            released.p99_ms, 150, more_is_better=False
        )
    harness.report("delivery", rows, found)


def _compared(doors: Doors, known: list[str]) -> tuple[list[harness.Row], dict[str, str]]:
    rows, found = [], {}
    for label, name in (("part of 62 kB", PART), ("media playlist", PAGE)):
        members = [f"/hls/{ROOM}/{token}/720p/{name}" for token in known]
        file = f"/{ROOM}/720p/{name}"
        harness.wrk("warm", doors.ours, connections=32, paths=members)
        plain = harness.wrk(f"{label}, plain nginx", doors.plain, connections=32, paths=[file], pid=doors.bare)
        checked = harness.wrk(
            f"{label}, members checked", doors.ours, connections=32, paths=members, pid=doors.checked
        )
        kept = harness.wrk(
            f"{label}, plain with open_file_cache",
            doors.plain,
            connections=32,
            paths=[f"/cached{file}"],
            pid=doors.bare,
        )
        rows += [plain, checked, kept]
        found[f"{label}: share of plain, wall"] = harness.judged(checked.per_second / plain.per_second, 0.85)
        for rival, row in (("plain", plain), ("plain with open_file_cache", kept)):
            share = checked.cpu_per_second / row.cpu_per_second
            found[f"{label}: share of {rival}, per processor second of nginx"] = harness.judged(share, 0.85)
    return rows, found


def _page() -> str:
    lines = [f"#EXTINF:2.0,\nseg-{number}.m4s" for number in range(60)]
    return "#EXTM3U\n" + "\n".join(lines) + f'\n#EXT-X-PART:DURATION=0.2,URI="{PART}"\n'


def _prepare(state: Path) -> Field:
    http, rtmp, plain = ports.pick(3)
    stack = config.Stack(state=state, database_url="sqlite://:memory:", http_port=http, rtmp_port=rtmp)
    rendition = stack.hls / ROOM / "720p"
    for directory in (*stack.directories, rendition):
        directory.mkdir(parents=True, exist_ok=True)
    (rendition / PART).write_bytes(os.urandom(PART_BYTES))
    (rendition / PAGE).write_text(_page())
    (stack.run / "nginx-http.conf").write_text(render.nginx_configs(stack, "hook-secret")["nginx-http.conf"])
    values = {"user": render.user(), "run": stack.run, "port": plain, "root": stack.hls}
    (stack.run / "plain.conf").write_text(PLAIN % values)
    return Field(stack, plain)


if __name__ == "__main__":
    main()
