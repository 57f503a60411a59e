"""One HTTP question and its answer on bare ASGI: WHIP and WHEP stand beside Django, in the sockets' process."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from fitfriends.core import errors
from fitfriends.core.asgi import Receive, Scope, Send, header
from fitfriends.core.http import status_of
from streaming.webrtc.errors import RETRY_AFTER
from streaming.webrtc.frames import SDP_CHARACTERS

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
PROBLEM = "application/problem+json"

# A page of any origin may ask: the token is the whole proof, and cookies are not read.
_CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Accept-Patch, ETag, Link, Location, Retry-After"),
    ("Cache-Control", "no-store"),
)


class Problem(Exception):
    """What the protocol itself refuses, where none of the domain's errors says it. As in RFC 9457."""

    def __init__(self, status: int, code: str, words: str, headers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(f"{code}: {words}")
        self.status, self.code, self.words, self.headers = status, code, words, headers


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: str = ""
    kind: str = ""  # of the body
    headers: Sequence[tuple[str, str]] = field(default_factory=tuple)


class Asked:
    """A request as far as the doors read it."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self._receive = receive
        self.method: str = scope["method"]

    @property
    def bearer(self) -> str:
        scheme, _, plain = header(self.scope, "authorization").partition(" ")
        return plain.strip() if scheme.lower() == "bearer" else ""

    @property
    def match(self) -> str:
        return header(self.scope, "if-match").strip()

    @property
    def kind(self) -> str:
        """Of the body, without its parameters."""
        return header(self.scope, "content-type").partition(";")[0].strip().lower()

    async def body(self) -> str:
        """Raises Problem for what is too big or no text."""
        found = bytearray()
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                raise Problem(400, "webrtc:sdp", "The request broke off.")
            found += message.get("body", b"")
            if len(found) > SDP_CHARACTERS:
                raise Problem(413, "webrtc:sdp", f"A body holds {SDP_CHARACTERS} bytes at most.")
            if not message.get("more_body"):
                break
        try:
            return found.decode()
        except UnicodeDecodeError as error:
            raise Problem(400, "webrtc:sdp", "The body is no text.") from error

    async def body_of(self, *kinds: str) -> str:
        """Raises Problem for another kind of body."""
        if self.kind not in kinds:
            raise Problem(415, "http:content-type", f"Send {' or '.join(kinds)}.")
        return await self.body()


def of_problem(problem: Problem) -> Reply:
    return Reply(problem.status, _described(problem.status, problem.code, problem.words), PROBLEM, problem.headers)


def of_error(error: errors.DomainError) -> Reply:
    """The domain's refusals keep their codes."""
    status = status_of(error)
    wait = error.retry_after if isinstance(error, errors.TooMany) else RETRY_AFTER.get(error.code, 0)
    return Reply(
        status,
        _described(status, error.code, error.message),
        PROBLEM,
        (("Retry-After", str(wait)),) if wait else (),
    )


def _described(status: int, code: str, words: str) -> str:
    return json.dumps({"title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": words})


async def answer(send: Send, reply: Reply) -> None:
    body = reply.body.encode()
    headers = [*_CORS, *reply.headers, ("Content-Length", str(len(body)))]
    if reply.kind:
        headers.append(("Content-Type", reply.kind))
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
