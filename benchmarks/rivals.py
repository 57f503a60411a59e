"""The others, on their own nginx: nginx-rtmp's HLS and ffmpeg's HLS muxer, each with a plain hls.js page."""

import shutil
import subprocess
import time
from pathlib import Path

from deploy.local import config, ports, programs

CASES = {"nginx-rtmp's own HLS, 2 s": "nginx-rtmp", "ffmpeg's HLS muxer, 2 s, 720p": "ffmpeg"}

_CONF = """{modules}
{user}
daemon off;
pid "{root}/nginx.pid";
error_log stderr error;
worker_processes 1;
events {{ worker_connections 512; }}
rtmp {{
  server {{
    listen 127.0.0.1:{rtmp};
    application live {{ live on; hls on; hls_path "{root}/nginx-rtmp"; hls_fragment 2s; hls_playlist_length 12s; }}
  }}
}}
http {{
  include "{mime}";
  access_log off;
  server {{
    listen 127.0.0.1:{http};
    location / {{ root "{root}"; add_header Cache-Control no-store; }}
    location /vendor/ {{ alias "{vendor}/"; }}
  }}
}}
"""
_PAGE = """<!doctype html><video muted autoplay playsinline></video><script type="module">
import Hls from "/vendor/hls.js/hls.light.min.js";
const hls = new Hls();
hls.loadSource(new URLSearchParams(location.search).get("of"));
hls.attachMedia(document.querySelector("video"));
</script>"""


class Rivals:
    """Both run from one broadcaster at `rtmp_url`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        http, rtmp = ports.pick(2)
        self.rtmp_url = f"rtmp://127.0.0.1:{rtmp}/live/clock"
        self._base = f"http://127.0.0.1:{http}"
        for name in ("nginx-rtmp", "ffmpeg"):
            (root / name).mkdir(parents=True)
        (root / "page.html").write_text(_PAGE)
        conf = _CONF.format(
            modules=programs.nginx_modules("ngx_rtmp_module"), user="user root;", root=root, rtmp=rtmp, http=http,
            mime=programs.mime_types(), vendor=config.ROOT / "static" / "vendor",
        )  # fmt: skip
        (root / "nginx.conf").write_text(conf)
        argv = [programs.find("nginx"), "-e", "stderr", "-p", str(root), "-c", str(root / "nginx.conf")]
        self._children = [subprocess.Popen(argv)]
        time.sleep(0.5)

    def pull(self) -> None:
        """The muxer with our own encoder settings, so that only the packaging differs."""
        encode = ["-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency", "-g", "60", "-b:v", "3000k"]
        out = ["-f", "hls", "-hls_time", "2", "-hls_list_size", "6", str(self._root / "ffmpeg" / "clock.m3u8")]
        argv = [programs.find("ffmpeg"), "-hide_banner", "-loglevel", "error", "-i", self.rtmp_url]
        self._children.append(subprocess.Popen([*argv, *encode, "-c:a", "copy", *out]))

    def page(self, case: str) -> str:
        return f"{self._base}/page.html?of=/{CASES[case]}/clock.m3u8"

    def stop(self) -> None:
        nginx, *muxers = self._children
        for muxer in muxers:
            muxer.kill()  # not asked: an ffmpeg whose source has gone waits for it, deaf to a signal
            muxer.wait(10)
        nginx.terminate()
        nginx.wait(10)
        shutil.rmtree(self._root, ignore_errors=True)
