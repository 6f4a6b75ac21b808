"""An IMAP server inside this process, for the demo: pymap in a thread of its own, on loopback, without TLS, all in memory.

Two things are mended here (servers study §4): pymap's dict backend has neither keywords nor SPECIAL-USE, and it writes a
response in pieces, on which imaplib's IDLE gives up.
"""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self, cast

HOST = "127.0.0.1"
FOLDERS = ("Drafts", "Sent", "Junk", "Trash", "Inboxbot/Cases")
_USES = {
    "drafts": b"Drafts", "brouillons": b"Drafts", "sent": b"Sent", "envoyés": b"Sent", "junk": b"Junk",
    "indésirables": b"Junk", "trash": b"Trash", "corbeille": b"Trash",
}  # fmt: skip
_START_SECONDS = 20.0


class EmbeddedImap:
    """Serves these users (name → password) from entering the context to leaving it; `port` is then known."""

    def __init__(self, users: Mapping[str, str], folders: Sequence[str] = FOLDERS, port: int = 0) -> None:
        self.port = port
        self._users, self._folders = users, folders
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="demo-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(_START_SECONDS)
        if self._failure is not None:
            raise self._failure
        if not self._started.is_set():
            raise TimeoutError(f"the embedded server was not ready within {_START_SECONDS:g} s")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(5)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
            self._failure = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        from proxyprotocol.reader import ProxyProtocolReader
        from pymap.backend import dict as backend
        from pymap.imap import IMAPServer
        from pysasl.hashing import Cleartext

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        options = Namespace(
            host=HOST, port=self.port, debug=False, cert=None, key=None, tls=False, proxy_protocol=None,
            passlib_cfg=None, demo_data=False, demo_user="", demo_password="",
        )  # fmt: skip
        # The password is in this process's memory anyway, and hashing costs each login 0.1 s.
        config = _extended(backend).from_args(options, invalid_user_sleep=0.05, hash_context=Cleartext())
        config.apply_context()
        login = backend.Login(config)
        for name, password in self._users.items():
            await self._settle(backend, config, login, name, password)
        imap = IMAPServer(login, config)

        async def serve(reader: Any, writer: Any, about: Any) -> None:
            await imap(reader, cast("Any", _Whole(writer)), about)

        async with AsyncExitStack() as stack:
            await backend.DictBackend(login, config).start(stack)
            met = ProxyProtocolReader(config.proxy_protocol).get_callback(serve)
            server = await asyncio.start_server(met, host=HOST, port=self.port)
            self.port = server.sockets[0].getsockname()[1]
            self._started.set()
            async with server:
                await self._stop.wait()

    async def _settle(self, backend: Any, config: Any, login: Any, name: str, password: str) -> None:
        """Make the user and the folders."""
        from pymap.user import Passwords, UserMetadata

        identity = backend.Identity(name, login, None, frozenset())
        hashed = await Passwords(config).hash_password(password)
        await identity.set(UserMetadata(config, name, password=hashed))
        async with identity.new_session() as session:
            for folder in self._folders:
                await session.create_mailbox(folder)


class _Whole:
    """A writer that sends whole responses: what was written since the last drain goes out as one piece."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._held: list[bytes] = []

    def write(self, data: Any) -> None:
        self._held.append(bytes(data))

    def writelines(self, pieces: Iterable[Any]) -> None:
        self._held.extend(bytes(piece) for piece in pieces)

    async def drain(self) -> None:
        self._flush()
        await self._writer.drain()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._held:
            whole = b"".join(self._held)
            self._held.clear()
            self._writer.write(whole)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


def _extended(backend: Any) -> Any:
    """The backend's configuration class, the backend taught keywords and SPECIAL-USE; in this process only."""
    from pymap.config import BackendCapability
    from pymap.parsing.specials.flag import Recent, Wildcard, get_system_flags

    if issubclass(backend.Session, _Marked):
        return backend.Config
    backend.MailboxData.permanent_flags = property(lambda _: (get_system_flags() - {Recent}) | {Wildcard})
    capability = BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])
    backend.Config.backend_capability = property(lambda _: capability)
    backend.Session = type("Session", (_Marked, backend.Session), {})
    return backend.Config


class _Marked:
    """A session whose listing carries the special uses of well-known names."""

    async def list_mailboxes(self, *args: Any, **kwargs: Any) -> Any:
        rows, selected = await super().list_mailboxes(*args, **kwargs)  # type: ignore[misc]
        marked = [(name, separator, _marks(name, attributes)) for name, separator, attributes in rows]
        return marked, selected


def _marks(name: str, attributes: Iterable[bytes]) -> list[bytes]:
    use = _USES.get(name.lower())
    return [*attributes, use] if use else list(attributes)
