"""Writes what Janus is started with: its configuration, and links to the few modules that it may load."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local import config, live, programs, render, secrets_file
from media_worker.sfu.janus.secrets import RoomSecrets

TEMPLATES = config.ROOT / "deploy" / "janus"
MODULES = {
    "plugins": ("libjanus_videoroom.so", "libjanus_streaming.so"),
    "transports": ("libjanus_pfunix.so",),
    "none": (),  # event handlers and loggers
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Janus:
    """One instance: a folder for it alone, short enough for the paths of unix sockets."""

    folder: Path
    ports: range  # UDP, for peers and mountpoints
    public_ip: str = ""
    interfaces: tuple[str, ...] = ()

    @property
    def socket(self) -> Path:
        return self.folder / "janus.sock"

    @property
    def admin_socket(self) -> Path:
        return self.folder / "admin.sock"

    def argv(self) -> list[str]:
        configuration = str(self.folder / "janus.jcfg")
        return [programs.find("janus"), "-F", str(self.folder), "-C", configuration, "--disable-colors"]


def of(stack: config.Stack) -> Janus:
    found = stack.webrtc
    return Janus(
        folder=stack.live_folder / "janus",
        ports=found.janus_ports,
        public_ip=found.public_ip,
        interfaces=found.interfaces,
    )


def write(janus: Janus, locks: RoomSecrets) -> None:
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


def _values(janus: Janus, locks: RoomSecrets) -> dict[str, str]:
    first, last = janus.ports.start, janus.ports.stop - 1
    # A peer takes one port, a mountpoint three.
    middle = first + len(janus.ports) * 3 // 4
    only, never = ",".join(janus.interfaces), ",".join(live.VIRTUAL)
    # The private address stays a candidate behind NAT, too: peers in the same network, and the relay, use it.
    mapped = f'nat_1_1_mapping = "{janus.public_ip}"\n\tkeep_private_host = true' if janus.public_ip else ""
    return {
        "FOLDER": str(janus.folder),
        "API_SECRET": locks.api_secret,
        "ADMIN_SECRET": locks.admin_secret,
        "ADMIN_KEY": locks.admin_key,
        "RTP_PORTS": f"{first}-{middle - 1}",
        "MOUNT_PORTS": f"{middle}-{last}",
        "INTERFACES": f'ice_enforce_list = "{only}"' if only else f'ice_ignore_list = "{never}"',
        "PUBLIC_IP": mapped,
    }


def _links(folder: Path, names: tuple[str, ...]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name in names:
        (folder / name).symlink_to(live.library(folder.name, name))
