"""Fragments of session descriptions that carry ICE candidates (RFC 8840), and offers that restart ICE from one."""

import re
from dataclasses import dataclass

from streaming.webrtc.errors import BadCandidate
from streaming.webrtc.frame_reading import checked_candidate
from streaming.webrtc.frames import CandidateInit

_LINE = re.compile(r"([am])=([ -~]+)\Z")
_CREDENTIALS = {  # RFC 8839 section 5.4
    "ice-ufrag": re.compile(r"[A-Za-z0-9+/]{4,256}\Z"),
    "ice-pwd": re.compile(r"[A-Za-z0-9+/]{22,256}\Z"),
}
_MOST_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Fragment:
    ufrag: str
    pwd: str
    candidates: tuple[CandidateInit, ...]
    is_last: bool  # there are no more candidates

    @property
    def restarts(self) -> bool:
        return bool(self.ufrag and self.pwd)


def read(text: str) -> Fragment:
    """Raises BadCandidate."""
    credentials: dict[str, str] = {}
    index, mid, is_last = -1, "", False
    candidates: list[CandidateInit] = []
    for line in text.replace("\r\n", "\n").strip("\n").split("\n"):
        found = _LINE.match(line)
        if not found:
            raise BadCandidate("A fragment has lines of a= and m= only.")
        letter, value = found.groups()
        name, _, rest = value.partition(":")
        if letter == "m":
            index, mid = index + 1, ""
        elif name in _CREDENTIALS:
            credentials[name] = _credential(name, rest)
        elif name == "mid":
            mid = rest
        elif name == "candidate":
            candidates.append(checked_candidate(value, mid=mid or None, index=max(index, 0)))
        elif name == "end-of-candidates":
            is_last = True
    if len(candidates) > _MOST_CANDIDATES:
        raise BadCandidate(f"A fragment holds {_MOST_CANDIDATES} candidates at most.")
    return Fragment(credentials.get("ice-ufrag", ""), credentials.get("ice-pwd", ""), tuple(candidates), is_last)


def _credential(name: str, value: str) -> str:
    if not _CREDENTIALS[name].match(value):
        raise BadCandidate("These ICE credentials cannot be used.")
    return value


def ufrag_of(sdp: str) -> str:
    """The first of a whole description; of one bundle all are the same."""
    found = re.search(r"^a=ice-ufrag:(\S+)", sdp, re.MULTILINE)
    return found[1] if found else ""


def restarted(offer: str, fragment: Fragment) -> str:
    """The offer of before as the one that restarts ICE: its credentials and candidates are the fragment's."""
    lines: list[str] = []
    sections = 0
    for line in offer.replace("\r\n", "\n").strip("\n").split("\n"):
        if line.startswith("a=ice-ufrag:"):
            lines.append(f"a=ice-ufrag:{fragment.ufrag}")
        elif line.startswith("a=ice-pwd:"):
            lines.append(f"a=ice-pwd:{fragment.pwd}")
        elif line.startswith("o="):
            lines.append(_next_version(line))
        elif not line.startswith(("a=candidate:", "a=end-of-candidates")):
            lines.append(line)
            if line.startswith("a=mid:"):
                sections += 1
                if sections == 1:  # of a bundle the first section carries them
                    lines += [f"a={candidate.line}" for candidate in fragment.candidates]
    return "\r\n".join(lines) + "\r\n"


def _next_version(line: str) -> str:
    """RFC 9429 section 5.2.2: each new description of a session counts its version up."""
    words = line.split(" ")
    if len(words) == 6 and words[2].isdigit():
        words[2] = str(int(words[2]) + 1)
    return " ".join(words)


def of_answer(answer: str) -> str:
    """What of an answer a client needs after an ICE restart: credentials, and the candidates by their section."""
    kept = ("a=ice-ufrag:", "a=ice-pwd:", "a=mid:", "a=candidate:", "a=end-of-candidates", "m=", "a=ice-options:")
    lines = [line for line in answer.replace("\r\n", "\n").split("\n") if line.startswith(kept)]
    return "\r\n".join(lines) + "\r\n"
