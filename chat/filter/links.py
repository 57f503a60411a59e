"""Where a text holds an address: with a scheme, bare, as e-mail, spelt out with [dot], or in wide letters."""

import re
import unicodedata
from functools import lru_cache

from chat.filter import folding

# Endings that are no word of our languages: seen after a dot they mean an address.
_STRONG = (
    "com|net|org|edu|gov|info|biz|app|dev|xyz|tv|gg|ly|co|uk|io|fr|es|pt|eu|ch|ru|cn|br|nl|pl|se|dk|fi|cz|gr|jp|kr|tr|"
    "ca|au|nz|mx|cl|ar|ai|cc|ws|tk|ml|ga|cf|cam|porn|xxx|club|shop|store|online|site|website|icu|vip|рф"
)
# Endings that are words, too: an address only with a path behind them or something before them.
_WEAK = "it|me|to|be|de|at|in|is|no|so|us|am|la|my|id|link|live|page|top|fun|fit|run|bet|win|click|world|life|pro|sex"
# Of these the ones that mean an address where links are not wanted at all.
_WEAK_WHEN_STRICT = "me|de|live|top"

# Every repetition is possessive or bounded by a constant: a look at one place costs no more than that constant.
_DOT = r"\s{0,2}[\[({<]\s{0,2}(?:dot|punkt|punto|point|ponto|\.)\s{0,2}[\])}>]\s{0,2}"
_SAID_DOT = rf"\s{{1,2}}(?:dot|\.)\s{{1,2}}(?=(?:{_STRONG})\b)|\s{{1,2}}\.(?=(?:{_STRONG})\b)"
_AT = r"\s{0,2}[\[({<]\s{0,2}(?:at|arroba|chez|chiocciola)\s{0,2}[\])}>]\s{0,2}"
_SPELT = re.compile(rf"(?P<dot>{_DOT}|{_SAID_DOT})|(?P<at>{_AT})")
_LABEL = r"[^\W_](?:[\w-]{0,61}+)"
_HOST = rf"(?:{_LABEL}\.){{1,6}}+"
_TAIL = r"(?:[/?#:][^\s]{0,500}+)"
_ALWAYS = rf"""
    (?:https?|ftp)\s{{0,2}}:\s{{0,2}}/\s{{0,2}}/\s{{0,2}}[^\s]{{1,500}}+
    | (?<![^\W_])www\.[^\s]{{2,500}}+
    | (?<![\w.+-])[\w.+-]{{1,64}}+@{_HOST}[^\W\d_]{{2,24}}+
    | (?<![\w@.-]){_HOST}(?:
        (?:{_STRONG})(?![\w-]){_TAIL}?
        | (?:{_WEAK})(?![\w-])/[^\s]{{0,500}}+
      )
    """
_ADDRESS = re.compile(_ALWAYS, re.VERBOSE)
_ADDRESS_WHEN_STRICT = re.compile(
    rf"""{_ALWAYS}
    | (?<![\w+.-])[a-z][a-z0-9+.-]{{0,30}}+://[^\s]{{1,500}}+
    | (?<![\w@.-]){_HOST}(?:(?:{_WEAK_WHEN_STRICT})(?![\w-]){_TAIL}? | [^\W\d_]{{2,24}}+/[^\s]{{1,500}}+)
    """,
    re.VERBOSE,
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?=/)[^\s]{0,500}+")
_FULL_STOPS = "\u3002\uff0e\uff61\u2024"  # wide, half-wide and leading ones


def find(text: str, *, strict: bool = False) -> list[tuple[int, int]]:
    """The stretches of the text that are addresses, in order and apart.

    `strict`: rather one too many, for a room without links. Any scheme counts, any name with a path, and a few more
    endings.
    """
    if text.isascii() and not any(sign in text for sign in ".:[({<") and " dot " not in text.lower():
        return []  # most texts
    plain, at = _plain(text)
    plain, at = _spelt_out(plain, at)
    found: list[tuple[int, int]] = []
    address = _ADDRESS_WHEN_STRICT if strict else _ADDRESS
    for match in sorted([*address.finditer(plain), *_IPV4.finditer(plain)], key=lambda match: match.start()):
        start, end = match.start(), match.start() + len(match[0].rstrip(".,;:!?)]}>\"'"))
        if not found or at[start] >= found[-1][1]:
            found.append((at[start], folding.end_of(text, at[end - 1])))
    return found


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in lower case and compatible letters without what takes no room, and where each letter came from."""
    letters: list[str] = []
    at: list[int] = []
    for index, character in enumerate(text):
        for letter in _compatible(character):
            letters.append(letter)
            at.append(index)
    return "".join(letters), at


@lru_cache(maxsize=4096)
def _compatible(character: str) -> str:
    if folding.sign(character).kind in (folding.Kind.MARK, folding.Kind.IGNORED):
        return ""
    return "." if character in _FULL_STOPS else unicodedata.normalize("NFKC", character).lower()


def _spelt_out(plain: str, at: list[int]) -> tuple[str, list[int]]:
    """Dots and ats that are words in brackets, as signs."""
    pieces, origins, done = [], [], 0
    for match in _SPELT.finditer(plain):
        pieces += [plain[done : match.start()], "." if match["dot"] else "@"]
        origins += [*at[done : match.start()], at[match.start()]]
        done = match.end()
    return "".join([*pieces, plain[done:]]), [*origins, *at[done:]]
