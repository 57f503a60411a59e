"""Writes what coturn is started with."""

from pathlib import Path

from deploy.local import config, programs, render, secrets_file

TEMPLATE = config.ROOT / "deploy" / "coturn" / "turnserver.conf"


def folder(stack: config.Stack) -> Path:
    return stack.live_folder / "coturn"


def argv(stack: config.Stack) -> list[str]:
    return [programs.find("turnserver"), "-c", str(folder(stack) / "turnserver.conf")]


def write(stack: config.Stack, secret: str) -> None:
    """The folder, readable by its owner alone."""
    place = folder(stack)
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    secrets_file.write_private(place / "turnserver.conf", render.fill(TEMPLATE.read_text(), _values(stack, secret)))


def _values(stack: config.Stack, secret: str) -> dict[str, str]:
    found = stack.webrtc
    own = found.addresses() or ["127.0.0.1"]
    listening = [f"listening-ip={address}" for address in dict.fromkeys([*own, "127.0.0.1"])]
    relaying = [f"relay-ip={address}" for address in own]
    mapped = [f"external-ip={found.public_ip}/{own[0]}"] if found.public_ip else []
    peers = [f"allowed-peer-ip={address}" for address in [*own, *([found.public_ip] if found.public_ip else [])]]
    relays = found.relay_ports
    return {
        "TURN_PORT": str(found.turn_port),
        "TLS": _tls(stack),
        "ADDRESSES": "\n".join([*listening, *relaying, *mapped]),
        "FIRST": str(relays.start),
        "LAST": str(relays.stop - 1),
        "SECRET": secret,
        "PEERS": "\n".join(peers),
        "QUOTA": str(len(relays)),
        "FOLDER": str(folder(stack)),
    }


def _tls(stack: config.Stack) -> str:
    if stack.tls is None:
        return "no-tls"
    return f"tls-listening-port={stack.webrtc.turns_port}\ncert={stack.tls.certificate}\npkey={stack.tls.key}"
