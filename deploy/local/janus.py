"""Writes what Janus is started with: its configuration, and links to the few modules that it may load."""

import re
from dataclasses import dataclass
from pathlib import Path

from deploy.local import config, programs, render, secrets_file
from deploy.local.errors import StackError
from media_worker.sfu.secrets import Locks

TEMPLATES = config.ROOT / "deploy" / "janus"
MODULES = {
    "plugins": ("libjanus_videoroom.so", "libjanus_streaming.so"),
    "transports": ("libjanus_pfunix.so",),
    "none": (),  # event handlers and loggers
}
LIBRARIES = ("/usr/lib/*/janus", "/usr/lib/janus", "/usr/lib64/janus", "/usr/local/lib/janus", "/opt/janus/lib/janus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Janus:
    """One instance: a folder for it alone, short enough for the paths of unix sockets."""

    folder: Path
    ports: range  # UDP, for peers and mountpoints
    public_ip: str = ""  # behind 1:1 NAT: the address that the world sees
    interfaces: str = ""  # only these; all but virtual ones when empty
    event_loops: int = 0  # threads for media; one per peer when 0

    @property
    def socket(self) -> Path:
        return self.folder / "janus.sock"

    @property
    def admin_socket(self) -> Path:
        return self.folder / "admin.sock"

    def argv(self) -> list[str]:
        return [
            programs.find("janus"),
            "-F",
            str(self.folder),
            "-C",
            str(self.folder / "janus.jcfg"),
            "--disable-colors",
        ]


def write(janus: Janus, locks: Locks) -> None:
    """The folder, readable by its owner alone: it holds secrets and the sockets."""
    janus.folder.mkdir(parents=True, exist_ok=True)
    janus.folder.chmod(0o700)
    for sock in (janus.socket, janus.admin_socket):
        sock.unlink(missing_ok=True)
    for folder, names in MODULES.items():
        _links(janus.folder / folder, names)
    values = _values(janus, locks)
    for template in TEMPLATES.glob("*.jcfg"):
        secrets_file.write_private(janus.folder / template.name, render.fill(template.read_text(), values))


def _values(janus: Janus, locks: Locks) -> dict[str, str]:
    first, last = janus.ports.start, janus.ports.stop - 1
    # A peer takes one port, a mountpoint three.
    middle = first + len(janus.ports) * 3 // 4
    return {
        "FOLDER": str(janus.folder),
        "API_SECRET": locks.api_secret,
        "ADMIN_SECRET": locks.admin_secret,
        "ADMIN_KEY": locks.admin_key,
        "RTP_PORTS": f"{first}-{middle - 1}",
        "MOUNT_PORTS": f"{middle}-{last}",
        "INTERFACES": _interfaces(janus.interfaces),
        "PUBLIC_IP": _public_ip(janus.public_ip),
        "EVENT_LOOPS": f"event_loops = {janus.event_loops}" if janus.event_loops else "",
    }


def _interfaces(wanted: str) -> str:
    if not re.fullmatch(r"[\w.:,@-]*", wanted):
        raise StackError(f"SFU_INTERFACES must be names separated by commas, not {wanted!r}.")
    # Bridges of containers and virtual machines have addresses that no peer reaches.
    return f'ice_enforce_list = "{wanted}"' if wanted else 'ice_ignore_list = "docker,br-,veth,virbr,vmnet,vbox"'


def _public_ip(address: str) -> str:
    if not re.fullmatch(r"[\d.,]*", address):
        raise StackError(f"SFU_PUBLIC_IP must be an IPv4 address, not {address!r}.")
    # The private address stays a candidate, too: peers in the same network, and the relay, use it.
    return f'nat_1_1_mapping = "{address}"\n\tkeep_private_host = true' if address else ""


def _links(folder: Path, names: tuple[str, ...]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name in names:
        (folder / name).symlink_to(_library(folder.name, name))


def _library(kind: str, name: str) -> Path:
    places = [place for pattern in LIBRARIES for place in sorted(Path("/").glob(pattern.removeprefix("/")))]
    for place in places:
        if (found := place / kind / name).exists():
            return found
    raise StackError(f"Janus lacks {name}. On Debian: apt install janus")


def installed() -> bool:
    """Whether Janus and its modules are here."""
    try:
        programs.find("janus")
        for kind, names in MODULES.items():
            for name in names:
                _library(kind, name)
    except StackError:
        return False
    return True
