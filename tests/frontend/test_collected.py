"""What a page makes a browser fetch: collected, named by its content, kept for ever, and little of it."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from fitfriends.frontend import entries
from fitfriends.settings import static
from streaming.enums import State
from tests.cast import Cast
from tests.frontend.conftest import Collected
from tests.streaming.factories import make_stream

HASHED = re.compile(static.WHITENOISE_IMMUTABLE_FILE_TEST)
# What the class page may take, from an empty cache (docs/adr/0029-pages-in-one-piece.md).
MOST_REQUESTS = 14
MOST_SCRIPT = 300_000
MOST_OF_OTHER_PAGES = 12_000
PLAYER = (*entries.LAZY, "vendor/hls.js/hls.worker.js")


class _Addresses(HTMLParser):
    """Every address below /static/ that a page names, in whatever attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = (value.partition("#")[0] for _, value in attrs if value and value.startswith("/static/"))
        self.found |= {value.removeprefix("/static/") for value in values}


@pytest.fixture
def live(cast: Cast) -> str:
    make_stream(cast.session, State.LIVE)
    return f"/classes/{cast.session.pk}"


def files(client: Client, path: str) -> set[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    return _Addresses(response.content.decode()).found


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.people[name])
    return client


def url(name: str) -> str:
    return staticfiles_storage.url(name).removeprefix("/static/")


def on_the_wire(collected: Collected, name: str) -> int:
    return (collected.root / f"{name}.br").stat().st_size


def test_pages_name_only_files_that_were_collected_under_a_hash(cast: Cast, live: str, built_site: Collected) -> None:
    session = cast.session.pk
    pages = ["/", "/schedule", "/clubs", f"/clubs/{cast.club.slug}", live, "/studio"]
    pages += [f"/studio/{session}", f"/studio/{session}/camera", f"/studio/{session}/floor"]
    for path in pages:
        named = files(signed_in(cast, "ben"), path)

        assert [name for name in named if not HASHED.search(name)] == [], path
        assert [name for name in named if not (built_site.root / name).is_file()] == [], path


def test_a_file_that_was_not_collected_is_named_by_nobody(built_site: Collected) -> None:
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        staticfiles_storage.url("js/lib/dom.js")


def test_sources_are_not_collected(collected: Collected) -> None:
    ours = [path for folder in ("js", "css", "vendor") for path in (collected.root / folder).rglob("*")]
    scripts = [path.name for path in ours if path.is_file() and path.suffix in entries.SUFFIXES]

    assert scripts
    assert [name for name in scripts if not HASHED.search(name)] == []


def test_class_page_stays_within_its_budget(cast: Cast, live: str, built_site: Collected) -> None:
    named = files(signed_in(cast, "cleo"), live)
    scripts = {name for name in named if name.endswith(".js")}
    weight = {name: on_the_wire(built_site, name) for name in scripts}
    print(sorted(weight.items()))

    assert {url(name) for name in PLAYER} < scripts
    assert len(named) <= MOST_REQUESTS
    assert sum(weight.values()) <= MOST_SCRIPT


@pytest.mark.parametrize("path", ["/", "/schedule", "/clubs", "/classes/{}"])
def test_nothing_of_the_player_comes_before_it_is_needed(cast: Cast, built_site: Collected, path: str) -> None:
    """The class has no stream yet: its page is a lobby."""
    named = files(signed_in(cast, "cleo"), path.format(cast.session.pk))
    told = {url(name) for name in entries.LAZY} & named
    scripts = sum(on_the_wire(built_site, name) for name in {url("js/pages/site.js")} & named)

    assert told == set()
    assert 0 < scripts <= MOST_OF_OTHER_PAGES


def test_scripts_fetch_nothing_that_a_page_has_not_told_of(collected: Collected) -> None:
    """No chunk comes in late: what a built script imports is in entries.LAZY."""
    built = [path for path in (collected.root / "js").rglob("*.js") if HASHED.search(path.name)]
    imported = {Path(name).name for path in built for name in re.findall(r'import\("([^"]+)"\)', path.read_text())}
    static_imports = [path.name for path in built if re.search(r'(?:^|;)import[{"*]|from"\./', path.read_text())]

    assert {re.sub(r"-[A-Z2-7]{8}", "", name) for name in imported} == {Path(name).name for name in entries.LAZY}
    assert static_imports == []


def test_a_deploy_keeps_the_files_of_the_one_before(tmp_path: Path, collected: Collected) -> None:
    again = Collected(tmp_path / "static", tmp_path / "frontend")
    shutil.copytree(collected.root, again.root)
    old = again.root / "js/pages/site-AAAAAAAA.js"
    old.write_text("// what somebody's page still asks for")

    again.collect()

    assert old.exists()


@pytest.mark.django_db  # a response that is closed looks after connections
@pytest.mark.parametrize(("accepts", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_application_serves_what_was_collected_compressed_and_for_ever(
    built_site: Collected, accepts: str, encoding: str | None
) -> None:
    name = staticfiles_storage.url("js/pages/site.js")

    reply = Client().get(name, headers={"accept-encoding": accepts})
    reply.close()

    assert reply.status_code == 200
    assert reply.headers.get("content-encoding") == encoding
    assert "immutable" in reply.headers["cache-control"]


def test_development_serves_the_sources_as_they_are(cast: Cast, live: str) -> None:
    named = files(signed_in(cast, "cleo"), live)
    reply = Client().get("/static/js/pages/class-page.js")

    assert "js/pages/class-page.js" in named
    assert reply.getvalue() == Path("static/js/pages/class-page.js").read_bytes()
    assert "immutable" not in reply.headers["cache-control"]
