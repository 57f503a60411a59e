"""A member in a class: prints the talk, says what is typed, comes back after a drop and misses nothing.

    python chat_client.py <chat_url from POST /api/streaming/sessions/<id>/join>

Needs `pip install websockets`. docs/websocket.md shows every frame.
"""

import asyncio
import json
import sys
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FINAL = {
    4401: "Join again for a new address.",
    4403: "You are not in this class any more.",
    4404: "The room is gone.",
}


class Talk:
    def __init__(self) -> None:
        self.messages: dict[int, dict[str, Any]] = {}  # by id: a frame may come twice
        self.unsent: dict[str, str] = {}  # by client_id, until it comes back with a number
        self.seq = 0  # everything up to here has been seen
        self.socket: ClientConnection | None = None

    async def live(self, address: str) -> str:
        """Returns why it ended for good."""
        pause = 1.0
        while True:
            try:
                async with connect(address) as self.socket:
                    async for text in self.socket:
                        pause = 1.0
                        found = json.loads(text)
                        for frame in found if isinstance(found, list) else [found]:
                            await self.take(frame)
                code = self.socket.close_code
            except (ConnectionClosed, OSError) as dropped:
                code = dropped.rcvd.code if isinstance(dropped, ConnectionClosed) and dropped.rcvd else None
            if code in FINAL:
                return FINAL[code]
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)

    async def take(self, frame: dict[str, Any]) -> None:  # noqa: C901 -- one case for each type
        match frame["type"]:
            case "refetch":
                await self.send({"type": "resync", "after": self.seq})
            case "welcome" if 0 < self.seq < frame["seq"]:
                await self.send({"type": "resync", "after": self.seq})
                await self.send_again()
            case "welcome" | "resynced":
                if frame.get("fresh"):
                    self.messages.clear()
                for event in frame.get("history", frame.get("events", [])):
                    await self.take(event)
                self.seq = max(self.seq, frame["seq"])
                await self.send_again()
            case "chat_message":
                if frame["id"] not in self.messages:
                    print(f"{frame['username']}: {frame['message']}", flush=True)
                self.messages[frame["id"]] = frame
                self.unsent.pop(frame["client_id"] or "", None)
            case "message_deleted" | "message_restored" if frame["id"] in self.messages:
                words = frame.get("message", "")
                self.messages[frame["id"]] |= {"message": words, "deleted": not words}
            case "error":
                self.unsent.pop(frame["client_id"] or "", None)
                print(f"({frame['message']})", flush=True)
        if frame.get("seq") == self.seq + 1:  # a higher one waits for `resynced`
            self.seq += 1

    async def say(self, message: str) -> None:
        client_id = uuid.uuid4().hex
        self.unsent[client_id] = message
        await self.send({"type": "chat_message", "message": message, "client_id": client_id})

    async def send_again(self) -> None:
        for client_id, message in list(self.unsent.items()):
            await self.send({"type": "chat_message", "message": message, "client_id": client_id})

    async def send(self, frame: dict[str, Any]) -> None:
        try:
            if self.socket:
                await self.socket.send(json.dumps(frame))
        except ConnectionClosed:
            pass  # what was not sent goes out after the next welcome


async def speak(talk: Talk) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        await talk.say(line.strip())


async def main(address: str) -> None:
    talk = Talk()
    speaking = asyncio.create_task(speak(talk))
    print(await talk.live(address))
    speaking.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
