"""What a fresh reader of one room gets, looked up once for all who come in the same moment."""

import asyncio

from chat.domain import room_state
from chat.domain.room_state import Snapshot
from chat.threads import in_thread

# A snapshot that nothing made old is looked up again after this long all the same.
SECONDS = 5.0
_load_snapshot = in_thread(room_state.load_snapshot)


class Snapshots:
    def __init__(self, room_id: str) -> None:
        self._room_id = room_id
        self._loading: asyncio.Task[Snapshot] | None = None
        self._loaded: tuple[Snapshot, float] | None = None

    async def get(self, seq: int | None) -> Snapshot:
        """One that has everything up to `seq`, where the room stands now. Raises NoSuchRoom."""
        while True:
            if self._loaded and self._is_current(*self._loaded, seq):
                return self._loaded[0]
            if self._loading is None:
                self._loading = asyncio.create_task(self._load())
            # Shielded: the one who leaves must not take the snapshot from those who wait with it.
            snapshot = await asyncio.shield(self._loading)
            if snapshot.seq >= (seq or 0):
                return snapshot

    def forget(self) -> None:
        """Something changed that has no number."""
        self._loaded = None

    def stop(self) -> None:
        if self._loading:
            self._loading.cancel()

    def _is_current(self, snapshot: Snapshot, loaded_at: float, seq: int | None) -> bool:
        return snapshot.seq == seq and asyncio.get_running_loop().time() - loaded_at < SECONDS

    async def _load(self) -> Snapshot:
        try:
            began = asyncio.get_running_loop().time()
            snapshot = await _load_snapshot(self._room_id)
            self._loaded = (snapshot, began)
            return snapshot
        finally:
            self._loading = None
