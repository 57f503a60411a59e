"""Finds the servers that are not Python packages."""

import os
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import StackError

# Debian keeps servers where an ordinary user's PATH does not look.
EXTRA_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/nginx/sbin:/opt/homebrew/bin"


def find(name: str) -> str:
    path = os.environ.get("PATH", os.defpath) + os.pathsep + EXTRA_PATH
    found = shutil.which(name, path=path)
    if not found:
        raise StackError(f"{name} is not installed. `make demo` installs it on Debian; elsewhere install it by hand.")
    return found


def nginx_modules(*names: str) -> str:
    """`load_module` lines for those modules that are files; the others must have been compiled in."""
    build = _nginx_build()
    files = [_module_file(name, build) for name in names]
    if missing := [file.stem for file in files if not file.exists() and not _compiled_in(file.stem, build)]:
        packages = "libnginx-mod-rtmp libnginx-mod-http-lua libnginx-mod-stream"
        raise StackError(f"nginx lacks {', '.join(missing)}. On Debian: apt install {packages}")
    return "\n".join(f"load_module {file};" for file in files if file.exists())


def has_nginx_module(name: str) -> bool:
    build = _nginx_build()
    return _module_file(name, build).exists() or _compiled_in(name, build)


def _nginx_build() -> str:
    return subprocess.run([find("nginx"), "-V"], capture_output=True, text=True, check=True).stderr


def _module_file(name: str, build: str) -> Path:
    configured = (word.partition("=") for word in build.split())
    return Path(next((value for key, _, value in configured if key == "--modules-path"), "modules"), f"{name}.so")


def _compiled_in(module: str, build: str) -> bool:
    """`ngx_rtmp_module` comes from a source folder that carries `nginx-rtmp-module` in its name.

    nginx's own `ngx_stream_module` is there or not.
    """
    plain = module.removeprefix("ngx_").removesuffix("_module")
    if f"--with-{plain}" in build.split():
        return True
    return "--add-module=" in build and plain in build


def mime_types() -> str:
    configured = (word.partition("=") for word in _nginx_build().split())
    conf = next((value for key, _, value in configured if key == "--conf-path"), "/etc/nginx/nginx.conf")
    return str(Path(conf).with_name("mime.types"))
