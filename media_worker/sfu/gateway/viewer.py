"""A viewer: watches a mountpoint, and holds a seat while it does."""

from media_worker.sfu.errors import PEER, SDP, JanusError, SfuError
from media_worker.sfu.gateway import sdp as descriptions
from media_worker.sfu.gateway.peer import Peer


class Viewer(Peer):
    """The room takes its seat before it is made; `close` gives the seat back."""

    _mount = ""
    _pin = ""
    _seated = True

    async def open(self, mount: str, pin: str) -> str:
        """The offer. Raises SfuError; then `close` still has to be called."""
        _, plugin = self._host.media()
        watching = await plugin.watch(mount, pin=pin, on_event=self.on_event)
        self._mount, self._pin = mount, pin
        self.attached(watching.handle)
        return watching.sdp

    async def answer(self, sdp: str) -> None:
        checked = descriptions.answer(sdp)
        _, plugin = self._host.media()
        try:
            await plugin.start(self.handle, checked)
        except JanusError as error:
            raise SfuError(SDP, "This answer does not fit the offer.") from error

    async def restart(self, sdp: str) -> str:
        if sdp:
            raise SfuError(PEER, "A viewer is offered; it sends no offer.")
        _, plugin = self._host.media()
        return await plugin.restart(self.handle, self._mount, pin=self._pin)

    async def close(self) -> None:
        if self._seated:
            self._seated = False
            self._host.give_seat()
        await super().close()
