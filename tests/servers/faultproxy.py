"""Faults between a client and a real server, at exact bytes: cut, reset, silence, drip, garbage, BYE. Keeps the dialogue.

A rule looks at each piece that passes, may change it, and may raise CutError or ResetError. `script` gives the rules of the
connections to come, one list each; beyond it everything passes.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from typing import Literal, Self

Direction = Literal["up", "down"]  # client → server, server → client
PIECE = 65536
FINISHING = 10.0  # seconds


class CutError(Exception):
    """Close both sides now."""


class ResetError(Exception):
    """Close the client's side with RST."""


class Dialogue:
    """One connection through the proxy; `said` is what each side sent, whether it was passed on or not."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.said: dict[Direction, bytearray] = {"up": bytearray(), "down": bytearray()}
        self.silent: set[Direction] = set()
        self.drip: dict[Direction, float] = {}  # seconds between single bytes
        self._readers = {"up": client[0], "down": server[0]}
        self._writers = {"up": server[1], "down": client[1]}

    def send(self, direction: Direction, data: bytes) -> None:
        """Pass these bytes on now."""
        if data and direction not in self.silent:
            self._writers[direction].write(data)

    async def run(self, rules: Sequence[Rule]) -> None:
        """Until one side ends or a rule does. The server is then let finish what it was sent before the client hears of
        the end: whoever sees a broken line knows that the server is done."""
        pumps = [asyncio.ensure_future(self._pump(direction, rules)) for direction in ("up", "down")]
        done, pending = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pending:
            pump.cancel()
        await asyncio.wait(pumps)
        if any(isinstance(pump.exception(), ResetError) for pump in done):
            self.abort()
            return
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._finish(), FINISHING)
        for writer in self._writers.values():
            with contextlib.suppress(Exception):
                await writer.drain()
            writer.close()

    async def _finish(self) -> None:
        self._writers["up"].write_eof()
        while await self._readers["down"].read(PIECE):
            pass

    async def _pump(self, direction: Direction, rules: Sequence[Rule]) -> None:
        while data := await self._readers[direction].read(PIECE):
            self.said[direction] += data
            for rule in rules:
                data = rule(self, direction, data)
            if pause := self.drip.get(direction):
                for byte in data:
                    self.send(direction, bytes([byte]))
                    await asyncio.sleep(pause)
            else:
                self.send(direction, data)
            await self._writers[direction].drain()

    def abort(self) -> None:
        """RST to the client, and no word to the server."""
        sock = self._writers["down"].get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for writer in self._writers.values():
            writer.transport.abort()


Rule = Callable[[Dialogue, Direction, bytes], bytes]


def cut_after(direction: Direction, count: int, how: type[Exception] = CutError) -> Rule:
    """End the connection once exactly `count` bytes have passed in this direction."""
    passed = 0

    def rule(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
        nonlocal passed
        if way != direction:
            return data
        left, passed = count - passed, passed + len(data)
        if len(data) >= left:
            dialogue.send(way, data[: max(left, 0)])
            raise how
        return data

    return rule


def on(
    pattern: bytes, act: Callable[[Dialogue, Direction, bytes], bytes], direction: Direction = "up", times: int = 1
) -> Rule:
    """When the pattern (bytes, any case) has passed in this direction, do this with the piece that completed it."""
    seen, left = b"", times
    wanted = re.compile(pattern, re.IGNORECASE)

    def rule(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
        nonlocal seen, left
        if way != direction or left == 0:
            return data
        seen = (seen + data)[-PIECE:]
        if wanted.search(seen) is None:
            return data
        seen, left = b"", left - 1
        return act(dialogue, way, data)

    return rule


def cut(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
    """An act: the piece is lost, and the connection with it."""
    raise CutError


def reset(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
    """An act: the piece is lost, the client gets RST."""
    raise ResetError


def cut_behind(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
    """An act: the piece still passes, then the connection ends."""
    dialogue.send(way, data)
    raise CutError


def hang(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
    """An act: from here on nothing passes either way, and nobody hangs up."""
    dialogue.silent |= {"up", "down"}
    return b""


def drip(pause: float) -> Callable[[Dialogue, Direction, bytes], bytes]:
    """An act: from here on the client gets one byte each `pause` seconds."""

    def act(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
        dialogue.drip["down"] = pause
        return data

    return act


def say(text: bytes, *, then: type[Exception] | None = None) -> Callable[[Dialogue, Direction, bytes], bytes]:
    """An act: the client hears this first; then the piece passes, or the connection ends."""

    def act(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
        dialogue.send("down", text)
        if then is not None:
            raise then
        return data

    return act


def instead(text: bytes) -> Callable[[Dialogue, Direction, bytes], bytes]:
    """An act: the server does not get the command, and the client gets this answer; `TAG` in it is the command's tag."""

    def act(dialogue: Dialogue, way: Direction, data: bytes) -> bytes:
        tag = data.rpartition(b"\r\n")[0].rpartition(b"\r\n")[2].split(b" ")[0]
        dialogue.send("down", text.replace(b"TAG", tag))
        return b""

    return act


def replace(pattern: bytes, text: bytes, times: int = 1) -> Rule:
    """The server's words matching the pattern reach the client as this text, so many times."""
    return on(pattern, lambda _, __, data: re.sub(pattern, text, data, count=1, flags=re.IGNORECASE), "down", times)


class FaultProxy:
    """Listens on loopback before the server at `upstream`; ends TLS itself if given (certificate, key)."""

    def __init__(self, upstream: int, tls: tuple[str, str] | None = None) -> None:
        self.script: list[list[Rule]] = []
        self.always: list[Callable[[], Rule]] = []
        self.dialogues: list[Dialogue] = []
        self.refuse = False
        self.port = 0
        self._upstream, self._tls = upstream, tls
        self._live: set[Dialogue] = set()
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda *_: None)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def settled(self) -> bool:
        """Whether all connections have ended, on both sides."""
        return not self._live

    def cut_all(self) -> None:
        """Pull the cable on every live connection."""
        self._loop.call_soon_threadsafe(lambda: [dialogue.abort() for dialogue in list(self._live)])

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        context = None
        if self._tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._tls)
        server = self._loop.run_until_complete(asyncio.start_server(self._met, "127.0.0.1", 0, ssl=context))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for dialogue in list(self._live):
            dialogue.abort()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuse:
            writer.transport.abort()
            return
        rules = self.script.pop(0) if self.script else []
        try:
            server = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            writer.close()
            return
        for end in (writer, server[1]):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        dialogue = Dialogue((reader, writer), server)
        self.dialogues.append(dialogue)
        self._live.add(dialogue)
        try:
            await dialogue.run([*(make() for make in self.always), *rules])
        finally:
            self._live.discard(dialogue)
