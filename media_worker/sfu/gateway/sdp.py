"""Checks session descriptions of clients, and rebuilds them from known attributes (RFC 8866, RFC 9429).

What Janus gets holds nothing that is not listed here; without the codecs that we do not take, a browser's offer also
fits into the 8 KiB that Janus' socket reads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from media_worker.sfu.errors import CODEC, SDP, SfuError
from media_worker.sfu.gateway import candidates

LONGEST = 32_768
_LONGEST_LINE = 1024
_MOST_LINES = 1500
_MOST_CANDIDATES = 40
_LINE = re.compile(r"([a-z])=([\x20-\x7e]+)")
_MEDIA = re.compile(r"(audio|video) (\d{1,5}) (UDP/TLS/RTP/SAVPF) ((?:\d{1,3} ?)+)")
_ANYWHERE = {
    "ice-ufrag": r"[A-Za-z0-9+/]{4,256}",
    "ice-pwd": r"[A-Za-z0-9+/]{22,256}",
    "ice-options": r"[A-Za-z0-9+/ -]{1,100}",
    "fingerprint": r"(?i:sha-(256|384|512)) [0-9A-Fa-f:]{90,200}",
    "setup": r"(actpass|active|passive)",
}
_SESSION = _ANYWHERE | {"group": r"BUNDLE( [\w!#$%&'*+.^`{|}~-]{1,32}){1,4}", "msid-semantic": r"[ \w*{}.-]{1,200}"}
_SECTION = _ANYWHERE | {
    "mid": r"[\w!#$%&'*+.^`{|}~-]{1,32}",
    "rtcp-mux": "",
    "rtcp-rsize": "",
    "rtcp": r"\d{1,5}( IN IP[46] [0-9a-fA-F.:]{2,45})?",
    "sendrecv": "",
    "sendonly": "",
    "recvonly": "",
    "inactive": "",
    "msid": r"[\x21-\x7e]{1,100}( [\x21-\x7e]{1,100})?",
    "ssrc": r"\d{1,10} (cname|msid):[\x20-\x7e]{1,220}",
    "ssrc-group": r"FID( \d{1,10}){2}",
    "end-of-candidates": "",
    "ptime": r"\d{1,3}",
    "maxptime": r"\d{1,3}",
}
_HEADER_EXTENSIONS = frozenset(
    {
        "urn:ietf:params:rtp-hdrext:sdes:mid",
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        # Not urn:3gpp:video-orientation: HLS knows no such thing. Without it phones turn the picture themselves.
    }
)


@dataclass(slots=True)
class _Section:
    kind: str = ""
    port: str = "9"
    types: list[str] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)  # letter and value

    def attributes(self, name: str) -> Iterator[str]:
        """Values of `a=name:value`."""
        return (
            value[len(name) + 1 :] for letter, value in self.lines if letter == "a" and value.startswith(f"{name}:")
        )

    def has(self, *names: str) -> bool:
        return any(letter == "a" and value.partition(":")[0] in names for letter, value in self.lines)


def offer(sdp: str) -> str:
    """A publisher's. At most one picture and one sound, at least one of them sent, in codecs that we take."""
    session, sections = _parse(sdp)
    kinds = [section.kind for section in sections]
    if len(set(kinds)) != len(kinds):
        raise _malformed("it has more than one picture or sound")
    if not any(section.has("sendonly", "sendrecv") for section in sections):
        raise _malformed("it sends nothing")
    return _build(session, sections)


def answer(sdp: str) -> str:
    """A viewer's."""
    session, sections = _parse(sdp)
    if any(section.has("sendonly", "sendrecv") for section in sections):
        raise _malformed("a viewer sends nothing")
    return _build(session, sections)


def _malformed(why: str) -> SfuError:
    return SfuError(SDP, f"The session description is malformed: {why}.")


def _parse(sdp: str) -> tuple[_Section, list[_Section]]:
    if not sdp or len(sdp) > LONGEST:
        raise _malformed("it is empty or too large")
    lines = sdp.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > _MOST_LINES or lines[0] != "v=0":
        raise _malformed("it does not begin with v=0")
    session = _Section()
    sections: list[_Section] = []
    for line in lines[1:]:
        found = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if not found:
            raise _malformed("a line is no name and value")
        letter, value = found.groups()
        if letter == "m":
            sections.append(_media(value))
        else:
            (sections[-1] if sections else session).lines.append((letter, value))
    if not 1 <= len(sections) <= 2:
        raise _malformed("it must have one picture, one sound, or both")
    for section in sections:
        _complete(session, section)
    return session, sections


def _media(value: str) -> _Section:
    found = _MEDIA.fullmatch(value)
    if not found or int(found[2]) > 65535:
        raise _malformed("a media line is neither picture nor sound over DTLS")
    return _Section(found[1], found[2], found[4].split())


def _complete(session: _Section, section: _Section) -> None:
    if section.port == "0":
        return
    for name in ("ice-ufrag", "ice-pwd", "fingerprint", "setup"):
        if not section.has(name) and not session.has(name):
            raise _malformed(f"{name} is missing")
    for name in ("mid", "rtcp-mux"):
        if not section.has(name):
            raise _malformed(f"{name} is missing")


def _build(session: _Section, sections: list[_Section]) -> str:
    built = ["v=0", *(f"{letter}={value}" for letter, value in session.lines if letter in "ost")]
    built += [f"a={value}" for value in _allowed(session, _SESSION)]
    for section in sections:
        built += _media_lines(section)
    return "\r\n".join(built) + "\r\n"


def _media_lines(section: _Section) -> Iterator[str]:
    kept = _kept(section)
    yield f"m={section.kind} {section.port} UDP/TLS/RTP/SAVPF {' '.join(kept)}"
    yield "c=IN IP4 0.0.0.0"
    yield from (f"a={value}" for value in _allowed(section, _SECTION))
    for value in section.attributes("extmap"):
        number, _, uri = value.partition(" ")
        if re.fullmatch(r"\d{1,3}(/[a-z]{8})?", number) and uri in _HEADER_EXTENSIONS:
            yield f"a=extmap:{number} {uri}"
    for name in ("rtpmap", "fmtp", "rtcp-fb"):
        yield from (f"a={name}:{value}" for value in section.attributes(name) if value.partition(" ")[0] in kept)
    for count, value in enumerate(section.attributes("candidate")):
        if count < _MOST_CANDIDATES and candidates.useful(f"candidate:{value}"):
            yield f"a=candidate:{value}"


def _allowed(section: _Section, grammar: dict[str, str]) -> Iterator[str]:
    """Known attributes; raises for one of those that is not what it should be."""
    for letter, whole in section.lines:
        name, colon, value = whole.partition(":")
        if letter != "a" or name not in grammar:
            continue
        if name == "ssrc" and not re.match(r"\d+ (cname|msid):", value):
            continue  # labels of older browsers
        if name == "ssrc-group" and not value.startswith("FID "):
            continue
        if bool(colon) != bool(grammar[name]) or not re.fullmatch(grammar[name], value):
            raise _malformed(f"{name} is not what it should be")
        yield whole


def _kept(section: _Section) -> list[str]:
    """Payload types that we take, in the client's order, each picture's with its retransmissions."""
    if section.port == "0":
        return section.types[:1]
    codecs = {kind: name.lower() for kind, _, name in (v.partition(" ") for v in section.attributes("rtpmap"))}
    formats = {kind: value for kind, _, value in (v.partition(" ") for v in section.attributes("fmtp"))}
    wanted = {"opus/48000/2"} if section.kind == "audio" else {"h264/90000", "vp8/90000"}
    kept = [kind for kind in section.types if codecs.get(kind) in wanted]
    kept = [kind for kind in kept if codecs[kind] != "h264/90000" or kind in _h264(kept, codecs, formats)]
    if not kept:
        raise SfuError(
            CODEC, "The sound must be Opus." if section.kind == "audio" else "The picture must be H.264 or VP8."
        )
    resent = {f"apt={kind}" for kind in kept}
    rtx = [kind for kind in section.types if codecs.get(kind) == "rtx/90000" and formats.get(kind) in resent]
    return kept + rtx


def _h264(kept: list[str], codecs: dict[str, str], formats: dict[str, str]) -> set[str]:
    """Frames over several packets, and Baseline where there is a choice: it has no B-frames, and all can play it."""
    whole = {
        kind for kind in kept if codecs[kind] == "h264/90000" and "packetization-mode=1" in formats.get(kind, "")
    }
    return {kind for kind in whole if "profile-level-id=42" in formats[kind].lower()} or whole
