"""Janus and coturn as a stack starts them, without the rest of it."""

import base64
import hashlib
import hmac
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.local import certificate, config, coturn, janus
from media_worker.sfu.janus.secrets import RoomSecrets
from tests.services import child
from tests.services.janus import Server

SECRET = "turn-secret-0123456789abcdef"


def stack(folder: Path) -> config.Stack:
    tls = config.Tls(certificate=folder / "tls/cert.pem", key=folder / "tls/key.pem", made_here=True)
    return config.Stack(state=folder, database_url="sqlite://:memory:", tls=tls)


@contextmanager
def relay(found: config.Stack) -> Iterator[None]:
    """coturn, until the block ends."""
    assert found.tls
    certificate.ensure(found.tls)
    coturn.write(found, SECRET)
    with child.running(coturn.argv(found), directory=coturn.folder(found), ready=lambda: _listens(found)):
        yield


@contextmanager
def sfu(found: config.Stack, locks: RoomSecrets) -> Iterator[Server]:
    server = Server(janus.of(found), locks)
    janus.write(server.config, locks)
    with ExitStack() as after:
        server.start()
        after.callback(server.kill)
        server.wait()
        yield server


def credentials(secret: str = SECRET, *, seconds: int = 600) -> tuple[str, str]:
    """Name and password that last so long, as the application makes them."""
    name = f"{int(time.time()) + seconds}:person"
    password = base64.b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest())
    return name, password.decode()


def _listens(found: config.Stack) -> bool:
    """By TCP, and by TLS with our certificate."""
    argv = ["openssl", "s_client", "-connect", f"127.0.0.1:{found.webrtc.turns_port}"]
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
