"""A member in a class: prints the talk, says what is typed, comes back after a drop and misses nothing.

    python chat_client.py <chat_url from POST /api/streaming/sessions/<id>/join>

Needs `pip install websockets`. docs/websocket.md shows every frame; chat_client.js is the same in JavaScript.
"""

import asyncio
import json
import random
import sys
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FINAL = {
    4400: "The server does not understand this client.",
    4401: "Join again for a new address.",
    4403: "You are not in this class any more.",
    4404: "The room is gone.",
}
FLOOD = 4429
SEND_AGAIN = ("chat:rate:slow-down", "unavailable")


class Talk:
    def __init__(self) -> None:
        self.messages: dict[int, dict[str, Any]] = {}  # by id, as they are now
        self.unsent: dict[str, dict[str, Any]] = {}  # by client_id, until an answer names it
        self.seq = 0  # everything up to here is known
        self.catching_up = False
        self.socket: ClientConnection | None = None

    async def live(self, address: str) -> str:
        """Returns why it ended for good."""
        beating, pause = asyncio.create_task(self.beat()), 1.0
        while True:
            code = None
            try:
                async with connect(address) as self.socket:
                    async for text in self.socket:
                        pause, found = 1.0, json.loads(text)
                        for frame in found if isinstance(found, list) else [found]:
                            await self.take(frame)
                    code = self.socket.close_code
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
            except OSError:
                pass  # nobody answers: later
            self.socket, self.catching_up = None, False
            if code in FINAL:
                beating.cancel()
                return FINAL[code]
            await asyncio.sleep(max(pause, 10 if code == FLOOD else 0) * random.uniform(1, 1.5))
            pause = min(pause * 2, 30)

    async def take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "welcome":
                if self.seq == 0:
                    self.apply(frame["history"], frame["seq"])
                elif frame["seq"] > self.seq:
                    await self.ask()
                await self.send(*self.unsent.values())
            case "refetch":
                await self.ask()
            case "resynced":
                if frame["fresh"]:
                    self.messages.clear()
                self.catching_up = False
                self.apply(frame["events"], frame["seq"])
            case "chat_message" | "message_deleted" | "message_restored":
                self.apply([frame], frame["seq"])
            case "message_held" | "error" if frame.get("code") not in SEND_AGAIN:
                self.unsent.pop(frame["client_id"] or "", None)
                print(f"({frame['message']})", flush=True)

    def apply(self, events: list[dict[str, Any]], seq: int) -> None:
        for event in events:
            known = self.messages.get(event["id"])
            if event["type"] == "chat_message":
                self.unsent.pop(event["client_id"] or "", None)
                if not known:  # a copy brings nothing new
                    self.messages[event["id"]] = event
                    print(f"{event['username']}: {event['message']}", flush=True)
            elif known:
                known |= {"message": event.get("message", ""), "deleted": event["type"] == "message_deleted"}
        if not self.catching_up:  # what comes before the answer does not count
            self.seq = max(self.seq, seq)

    async def ask(self) -> None:
        self.catching_up = True
        await self.send({"type": "resync", "after": self.seq})

    async def say(self, message: str) -> None:
        client_id = uuid.uuid4().hex
        self.unsent[client_id] = {"type": "chat_message", "message": message, "client_id": client_id}
        await self.send(self.unsent[client_id])

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(20)
            await self.send({"type": "ping"}, *self.unsent.values())

    async def send(self, *frames: dict[str, Any]) -> None:
        try:
            for frame in frames:
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
