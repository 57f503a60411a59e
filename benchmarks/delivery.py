"""Parts and playlists a second with every viewer checked, against plain nginx that serves the same files to all."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import harness
from benchmarks.verdict import ROOM, tokens_for
from deploy.local import config, ports, programs, ready, render
from tests import services

PEOPLE = 200
SEGMENT_BYTES = 65_000  # a part of 200 ms at 2.5 Mbit/s
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
  access_log "%(run)s/plain.log";
  client_body_temp_path "%(run)s/nginx/plain-body";
  proxy_temp_path "%(run)s/nginx/plain-proxy";
  fastcgi_temp_path "%(run)s/nginx/plain-fastcgi";
  uwsgi_temp_path "%(run)s/nginx/plain-uwsgi";
  scgi_temp_path "%(run)s/nginx/plain-scgi";
  server { listen 127.0.0.1:%(port)s; root "%(root)s"; }
}
"""


@dataclass(frozen=True, slots=True)
class Field:
    stack: config.Stack
    plain_port: int


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
        rows, found = [], {}
        for label, name in (("part of 65 kB", "seg-1.m4s"), ("media playlist", "playlist.m3u8")):
            open_to_all = [f"/{ROOM}/720p/{name}"]
            members = [f"/hls/{ROOM}/{token}/720p/{name}" for token in known]
            harness.wrk("warm", ours, connections=32, paths=members)
            first = harness.wrk(f"{label}, plain nginx", plain, connections=32, paths=open_to_all, pid=bare)
            second = harness.wrk(f"{label}, members checked", ours, connections=32, paths=members, pid=checked)
            rows += [first, second]
            found[f"{label}: share of plain, wall"] = harness.judged(second.per_second / first.per_second, 0.85)
            share = second.cpu_per_second / first.cpu_per_second
            found[f"{label}: share of plain, per processor second of nginx"] = harness.judged(share, 0.85)
    harness.report("delivery", rows, found)


def _prepare(state: Path) -> Field:
    http, rtmp, plain = ports.pick(3)
    stack = config.Stack(state=state, database_url="sqlite://:memory:", http_port=http, rtmp_port=rtmp)
    rendition = stack.hls / ROOM / "720p"
    for directory in (*stack.directories, rendition):
        directory.mkdir(parents=True, exist_ok=True)
    (rendition / "seg-1.m4s").write_bytes(os.urandom(SEGMENT_BYTES))
    lines = [f"#EXTINF:2.0,\nseg-{number}.m4s" for number in range(60)]
    (rendition / "playlist.m3u8").write_text("#EXTM3U\n" + "\n".join(lines) + "\n")
    (stack.run / "nginx-http.conf").write_text(render.nginx_configs(stack, "hook-secret")["nginx-http.conf"])
    values = {"user": render.user(), "run": stack.run, "port": plain, "root": stack.hls}
    (stack.run / "plain.conf").write_text(PLAIN % values)
    return Field(stack, plain)


if __name__ == "__main__":
    main()
