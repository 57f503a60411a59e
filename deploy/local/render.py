"""Fills the nginx templates in; nginx's own $variables stay as they are."""

import os
import re
import secrets
from pathlib import Path

from deploy.local import config, ports, programs
from deploy.local.errors import StackError
from media_worker import ladder

_EDGE_SECRET = re.compile(r"[A-Za-z0-9]{32,128}")
_PLACEHOLDER = re.compile(r"@([A-Z][A-Z_]+)@")


def fill(template: str, values: dict[str, str]) -> str:
    """Replace every @NAME@. Raises KeyError with a name that has no value."""
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], template)


def nginx_configs(stack: config.Stack, hook_secret: str) -> dict[str, str]:
    """File name to text, for both instances."""
    common = {
        "USER": user(),
        "RUN": str(stack.run),
        "NOFILE": str(config.open_files()),
        "APP_PORT": str(stack.internal.app),
    }
    http = common | {
        "MODULES": programs.nginx_modules("ndk_http_module", "ngx_http_lua_module", *_brotli()),
        "BROTLI": "\n      brotli_static on;" if _brotli() else "",
        "PUSH_PORT": str(stack.internal.push),
        "PARTS_ROOT": str(stack.parts),
        "HOOK_SECRET": hook_secret,
        "MIME_TYPES": programs.mime_types(),
        "LISTEN": _http_listen(stack),
        "REDIRECT": _redirect(stack),
        "EDGE_TOKEN": edge_token(stack.extra.get("EDGE_SECRET", "")),
        "SOCKETS_PORT": str(stack.internal.sockets),
        "STATIC_ROOT": str(stack.static),
        "HLS_ROOT": str(stack.hls),
        "SNIPPETS": str(config.TEMPLATES),
        "RENDITIONS": "|".join(rung.name for rung in ladder.RUNGS),
        "VERDICT_SECONDS": str(stack.verdict_seconds),
    }
    rtmp = common | {
        "MODULES": programs.nginx_modules("ngx_rtmp_module", *(["ngx_stream_module"] if stack.tls else [])),
        "LISTEN": _rtmp_listen(stack),
        "RTMPS": _rtmps(stack),
        "STAT_PORT": str(stack.internal.stat),
        "HOOK_SECRET": hook_secret,
    }
    return {
        "nginx-http.conf": fill(_template("http.conf"), http),
        "nginx-rtmp.conf": fill(_template("rtmp.conf"), rtmp),
    }


def _brotli() -> list[str]:
    """Brotli saves a sixth of what gzip leaves; where nginx has no module for it, gzip it is."""
    return ["ngx_http_brotli_static_module"] if programs.has_nginx_module("ngx_http_brotli_static_module") else []


def user() -> str:
    """As root nginx would drop to `nobody`, who cannot read a clone below /root."""
    return "user root;" if os.geteuid() == 0 else ""


def edge_token(secret: str) -> str:
    """What an edge shows in a token's place. Without a secret there are no edges: one that nobody knows."""
    if secret and not _EDGE_SECRET.fullmatch(secret):
        raise StackError("EDGE_SECRET must be 32 to 128 letters and digits.")
    return f"edge.{secret or secrets.token_hex(32)}"


def redis_config(stack: config.Stack, password: str) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": str(stack.internal.redis),
        "requirepass": password,  # loopback is open to every user of the machine
        "dir": str(stack.state / "redis"),
        # Every write is with the kernel before it is answered: a Redis that is killed has lost nothing, no seat, no
        # revocation, no queued task. A machine that loses its power loses a second.
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",  # a seat or a revocation must never be evicted
    }
    return "".join(f'{name} "{value}"\n' if name == "dir" else f"{name} {value}\n" for name, value in lines.items())


def _template(name: str) -> str:
    return Path(config.TEMPLATES, name).read_text()


def _http_listen(stack: config.Stack) -> str:
    if not stack.tls:
        return _listen(stack.bind, stack.http_port, indent=4)
    listen = _listen(stack.bind, stack.tls.https_port, indent=4, more=" ssl http2")
    return f"{listen}\n{_template('tls.conf')}"


def _redirect(stack: config.Stack) -> str:
    """Plain HTTP then only points to the other door."""
    if not stack.tls:
        return ""
    listen = _listen(stack.bind, stack.http_port, indent=4)
    return fill(_template("redirect.conf"), {"LISTEN": listen, "PUBLIC_URL": stack.public_url} | _tls(stack.tls))


def _rtmp_listen(stack: config.Stack) -> str:
    if not stack.tls:
        return _listen(stack.bind, stack.rtmp_port, indent=4)
    # Our own puller needs plain RTMP, closed to the outside or not.
    bind = stack.bind if stack.tls.plain_rtmp else "127.0.0.1"
    inner = _listen(bind, stack.rtmp_port, indent=4)
    return f"{inner}\n    listen 127.0.0.1:{stack.internal.rtmps} proxy_protocol;"


def _rtmps(stack: config.Stack) -> str:
    if not stack.tls:
        return ""
    listen = _listen(stack.bind, stack.tls.rtmps_port, indent=4, more=" ssl")
    values = {"LISTEN": listen, "RTMPS_PORT": str(stack.internal.rtmps), "TLS": _template("tls.conf").rstrip()}
    return fill(_template("rtmps.conf"), values | _tls(stack.tls))


def _tls(tls: config.Tls) -> dict[str, str]:
    return {"CERTIFICATE": str(tls.certificate), "KEY": str(tls.key)}


def _listen(bind: str, port: int, *, indent: int, more: str = "") -> str:
    """`localhost` may mean ::1 first, so the loopback address comes in both families."""
    addresses = [f"{bind}:{port}"]
    if bind == "127.0.0.1" and ports.has_ipv6():
        addresses.append(f"[::1]:{port}")
    return "\n".join(f"{' ' * indent}listen {address}{more};" for address in addresses)
