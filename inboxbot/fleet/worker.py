"""A worker: sweeps the mailboxes whose turn it is, some at a time, beside as many other workers as there are."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Engine

from inboxbot.daemon.outage import PAUSE, Outage
from inboxbot.daemon.sweep import Stumbles
from inboxbot.daemon.turns import AT_A_TIME, GLANCE
from inboxbot.daemon.watch import Pulse, Watch
from inboxbot.errors import InboxbotError, NoModelError, RefusedError, SetupError, StoreAwayError
from inboxbot.fleet.rota import DEAD_AFTER, QUEUE, prepare, rota
from inboxbot.stop import Stop
from inboxbot.store.hold import Holds

log = structlog.get_logger()

HEARTBEAT = 10.0  # seconds between two signs of life
STOP_SECONDS = 1.0  # for sweeps at work, of the two that a stop may take


@dataclass(frozen=True, slots=True)
class Post:
    """A mailbox that may have to be swept, and the host it lies at."""

    watch: Watch
    host: str


class Worker:
    """Takes sweeps from the rota until SIGTERM or SIGINT; `width` of them at a time, `per_host` of all workers' at a host."""

    def __init__(self, posts: Sequence[Post], engine: Engine, *, width: int, per_host: int = AT_A_TIME) -> None:
        self._posts = {post.watch.mailbox: post for post in posts}
        self._engine = engine
        self._width, self._per_host = width, per_host
        self._stumbles: defaultdict[str, Stumbles] = defaultdict(Stumbles)
        self._outage = Outage()
        self._threads: set[threading.Thread] = set()
        self._cut = Stop()  # the sweeps at work are to end

    def run(self) -> int:
        """Work until told to stop; the exit code, 0. StoreError when the store cannot be had at the start."""
        prepare(self._engine)
        asyncio.run(self._run())
        return 0

    async def _run(self) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)  # of jobs whose end could not be noted: they are done again
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        while not stop.is_set():
            self._cut = Stop()
            working = asyncio.create_task(self._work())
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            self._cut.set()
            if stop.is_set():
                working.cancel()
                await asyncio.wait({working}, timeout=STOP_SECONDS * 2)
                return
            stopping.cancel()
            await self._pause(working, stop)

    async def _work(self) -> None:
        """Until the store goes away."""
        app = rota(self._engine, {name: post.watch.poll_seconds for name, post in self._posts.items()}, self._sweep)
        async with app.open_async():
            self._outage.over()
            log.info("at work", mailboxes=len(self._posts), at_a_time=self._width)
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._width,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=STOP_SECONDS,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
            )

    async def _pause(self, working: asyncio.Task[None], stop: asyncio.Event) -> None:
        """The rota broke off: wait for the sweeps to end, since other workers take them over, and for the store."""
        error = working.exception()
        if error is not None and not isinstance(error, ConnectorException | psycopg.Error | OSError):
            raise error
        cause = getattr(error, "__cause__", None) or error or "the connection to it was lost"
        self._outage.met(" ".join(str(cause).split())[:200])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE)
        while any(thread.is_alive() for thread in self._threads) and not stop.is_set():  # noqa: ASYNC110 - no tasks
            await asyncio.sleep(GLANCE)

    async def _sweep(self, mailbox: str) -> None:
        """One job. It runs in a thread that nobody waits for at the end: a server that hangs does not hold up a stop."""
        post = self._posts.get(mailbox)
        if post is None:
            log.warning("a mailbox that this configuration does not know is passed over")
            return
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def settle(error: BaseException | None) -> None:
            if not done.done():
                done.set_exception(error) if error else done.set_result(None)

        def work() -> None:
            error = _caught(partial(self._visit, post, self._cut))
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody asks any more
                loop.call_soon_threadsafe(settle, error)
            self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=work, name=f"sweep-{post.watch.beat.account}", daemon=True)
        self._threads.add(thread)
        thread.start()
        await done

    def _visit(self, post: Post, cut: Stop) -> None:
        """Sweep, alone among all who share the store, and one of a few at the host."""
        watch = post.watch
        about = log.bind(account=watch.beat.account)
        with contextlib.closing(Holds(self._engine)) as holds:
            if not holds.take(watch.mailbox):
                about.info("another inboxbot is at work here")
                return
            while not any(holds.take(f"{post.host} {number}") for number in range(self._per_host)):
                if cut.wait(GLANCE):
                    return
            try:
                watch.visit(cut, Pulse(), self._stumbles[watch.mailbox])
            except StoreAwayError:
                raise  # told by the rota, which needs the same server
            except NoModelError as error:
                about.error("letters wait undecided", why=str(error))
                raise
            except (RefusedError, SetupError) as error:
                about.error("mailbox refused", why=str(error))
                raise
            except InboxbotError as error:
                about.warning("sweep broken off", why=str(error))
                raise
            except Exception as error:
                about.exception("unexpected failure", why=type(error).__name__)
                raise
            about.debug("swept")


def _caught(act: Callable[[], None]) -> BaseException | None:
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the job
        return error
    return None
