"""A certificate for this machine by a local authority, made by openssl; for the demo and for tests."""

import ipaddress
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path

from deploy.local import config, programs
from deploy.local.errors import StackError

_DAY = 24 * 3600
_DAYS = 397  # browsers refuse longer ones
_EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def ensure(tls: config.Tls, hosts: Iterable[str] = ()) -> None:
    """Make both files, for `hosts` too, unless they are there for another day. One that was given must be there."""
    there = tls.certificate.exists() and tls.key.exists()
    if not tls.made_here:
        if not there:
            raise StackError(f"TLS_CERTIFICATE or TLS_KEY is not there: {tls.certificate}, {tls.key}")
        return
    names = sorted({"localhost", socket.gethostname(), "127.0.0.1", "::1", *hosts})
    if there and tls.authority.exists() and _lasts(tls.certificate) and _names(tls.certificate) >= set(names):
        return
    folder = tls.certificate.parent
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _make(folder, tls, names)


def _lasts(certificate: Path) -> bool:
    argv = [programs.find("openssl"), "x509", "-checkend", str(_DAY), "-noout", "-in", str(certificate)]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def _names(certificate: Path) -> set[str]:
    """What it was made for."""
    kept = certificate.with_name("names")
    return set(kept.read_text().split()) if kept.exists() else set()


def _kind(name: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        return f"DNS:{name}"


def _make(folder: Path, tls: config.Tls, names: list[str]) -> None:
    more = folder / "leaf.ext"
    more.write_text(
        f"subjectAltName={','.join(map(_kind, names))}\n"
        "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    authority, asked = folder / "ca.key", folder / "leaf.csr"
    _openssl(
        ["req", "-x509", *_EC, "-days", str(_DAYS), "-subj", "/CN=FitFriendsClubs on this machine"],
        ["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
        ["-keyout", str(authority), "-out", str(tls.authority)],
    )
    _openssl(["req", *_EC, "-subj", "/CN=localhost", "-keyout", str(tls.key), "-out", str(asked)])
    _openssl(
        ["x509", "-req", "-in", str(asked), "-CA", str(tls.authority), "-CAkey", str(authority), "-CAcreateserial"],
        ["-days", str(_DAYS), "-extfile", str(more), "-out", str(tls.certificate)],
    )
    (folder / "names").write_text("\n".join(names))
    # Somebody may come to trust this authority: nobody is ever to sign anything else with it.
    for path in (authority, asked, more, *folder.glob("*.srl")):
        path.unlink(missing_ok=True)


def _openssl(*arguments: list[str]) -> None:
    argv = [programs.find("openssl"), *(word for part in arguments for word in part)]
    result = subprocess.run(argv, capture_output=True, text=True, check=False)
    if result.returncode:
        raise StackError(f"openssl could not make the certificate:\n{result.stderr[-1000:]}")
