"""The camera page without a script, and the bounds of what it uploads to measure its line."""

from collections.abc import Callable

import pytest
from django.test import Client

from fitfriends.pages import camera, camera_words
from streaming.domain import scheduling
from tests.cast import Cast

type As = Callable[[str], Client]


@pytest.fixture
def page(cast: Cast) -> str:
    scheduling.create(cast.session, actor=cast.ben, title="HIIT")
    return f"/studio/{cast.session.pk}/camera"


def upload(browser: Client, page: str, size: int) -> tuple[int, str]:
    reply = browser.post(f"{page}/upload-test", b"x" * size, content_type="application/octet-stream")
    body = reply.json()
    return reply.status_code, body["error"]["code"] if "error" in body else str(body["bytes"])


def test_page_holds_a_section_for_every_trouble(page: str, as_: As) -> None:
    text = as_("ben").get(page).content.decode()

    assert [kind.name for kind in camera_words.HELPS if f'data-view="{kind.name}"' not in text] == []
    assert "<noscript>" in text


def test_pages_of_the_class_lead_its_instructor_to_the_camera(page: str, as_: As, cast: Cast) -> None:
    studio, lobby = f"/studio/{cast.session.pk}", f"/classes/{cast.session.pk}"

    assert all(page in as_("ben").get(path).content.decode() for path in (studio, lobby))
    assert not any(page in as_("ana").get(path).content.decode() for path in (studio, lobby))


def test_owner_is_told_whose_camera_it_is(page: str, as_: As) -> None:
    reply = as_("ana").get(page)

    assert reply.status_code == 403
    assert "camera of this class is" in reply.content.decode()


def test_upload_is_counted_and_forgotten(page: str, as_: As) -> None:
    assert upload(as_("ben"), page, camera.MOST_BYTES) == (200, str(camera.MOST_BYTES))


def test_upload_beyond_the_bound_is_refused(page: str, as_: As) -> None:
    assert upload(as_("ben"), page, camera.MOST_BYTES + 1) == (400, "upload-test:too-large")


def test_upload_without_the_pages_token_is_refused(page: str, cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.ben)

    assert upload(browser, page, 10) == (403, "not-allowed")


def test_uploads_of_one_person_are_limited(page: str, as_: As) -> None:
    browser = as_("ben")
    found = [upload(browser, page, 10)[0] for _ in range(13)]

    assert found == [*[200] * 12, 429]
