"""Pages straight on a private Janus, with nothing of ours between: the rival of the ways through our gateway."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

from benchmarks.painted_clock import READER
from benchmarks.webrtc.painter import BLANK, CAMERA, PLAIN
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.videoroom import VideoRoom
from tests.services import janus as service


@asynccontextmanager
async def janus() -> AsyncIterator[tuple[Janus, service.Server]]:
    with service.running() as server:
        connection = Janus(server.path, server.secrets.api_secret, lost=lambda: None)
        await connection.connect()
        try:
            yield connection, server
        finally:
            await connection.close()


async def blank(browser: Browser) -> Page:
    page = await browser.new_page()
    await page.set_content(BLANK)
    for script in (CAMERA, PLAIN):
        await page.evaluate(script)
    return page


@asynccontextmanager
async def publishing(
    browser: Browser, connection: Janus, server: service.Server, codec: str
) -> AsyncIterator[VideoRoom]:
    """A room in which a page publishes as `feed`."""
    room = VideoRoom(connection, room="bench", secrets=server.secrets)
    await room.create()
    page = await blank(browser)
    published = await room.publish(
        feed="feed", sdp=await page.evaluate("c => publish(c)", codec), on_event=lambda _: None
    )
    await page.evaluate("sdp => accept(sdp)", published.sdp)
    try:
        yield room
    finally:
        await page.close()
        await published.handle.detach()
        await room.destroy()


async def watch_feed(browser: Browser, room: VideoRoom) -> tuple[Page, float]:
    """A page that reads the clock, and when it began, in seconds."""
    began = time.time()
    page = await blank(browser)
    offered = await room.subscribe(feed="feed", on_event=lambda _: None)
    answer = await page.evaluate("sdp => watch(sdp)", offered.sdp)
    await page.evaluate(READER)
    await room.start(offered.handle, answer)
    return page, began
