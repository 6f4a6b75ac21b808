"""The workers of a scan: processes on this machine (loky), or a Dask cluster. Both run the same function on batches.

What a worker does is told by a future. One that holds an exception of `died` means that its worker is gone; the batch
is then as unread as before.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, Protocol

from inboxbot.errors import SetupError, WorkersError
from inboxbot.scan.place import Outcome, Place

RETURN_SECONDS = 30.0  # so long a scheduler that is gone is waited for

Work = Callable[[Sequence[Place]], list[Outcome]]


class Crew(Protocol):
    """Workers, `width` of them at present."""

    died: tuple[type[BaseException], ...]

    @property
    def width(self) -> int:
        """0: there are none, for the moment or for good."""
        ...

    def submit(self, work: Work, places: Sequence[Place]) -> Future[list[Outcome]]:
        """Have a batch read."""
        ...

    def renew(self) -> None:
        """Put new workers in the place of those that died; WorkersError when there are none to be had."""
        ...

    def close(self) -> None:
        """Send all away at once."""
        ...


class LokyCrew:
    """Processes on this machine, one a core unless told otherwise."""

    died: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, jobs: int | None) -> None:
        import loky  # noqa: PLC0415 - workers themselves need none of this

        self.width = jobs or loky.cpu_count()
        self._start = partial(loky.ProcessPoolExecutor, self.width, initializer=_belong, initargs=(os.getpid(),))
        self._pool = self._start()

    def submit(self, work: Work, places: Sequence[Place]) -> Future[list[Outcome]]:
        """Have a batch read by the next worker that is free."""
        future: Future[list[Outcome]] = self._pool.submit(work, places)
        return future

    def renew(self) -> None:
        """When one worker dies, loky ends them all: begin with new ones."""
        self.close()
        self._pool = self._start()

    def close(self) -> None:
        """Kill them: nothing that they hold is needed."""
        self._pool.shutdown(wait=True, kill_workers=True)


def _belong(parent: int) -> None:
    """Live as long as the scan does: it may be killed, and Ctrl-C is its business alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)  # the reader ends with the pipe to it

    threading.Thread(target=follow, daemon=True).start()


class DaskCrew:
    """A Dask cluster: the one at `address`, else one of this machine's cores, made for the scan."""

    def __init__(self, address: str | None, jobs: int | None) -> None:
        try:
            import distributed  # noqa: PLC0415 - an extra
            from distributed.comm import CommClosedError  # noqa: PLC0415
        except ImportError:
            raise SetupError(["--backend dask needs Dask: pip install 'inboxbot[dask]'"]) from None
        _silence("distributed", "tornado")
        self.died: tuple[type[BaseException], ...] = (distributed.KilledWorker, CancelledError, CommClosedError)
        self._distributed = distributed
        self._address = address
        self._cluster: Any = None
        if address is None:
            self._cluster = distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
            )
        self._join()

    @property
    def width(self) -> int:
        """Workers come and go; none while the scheduler does not answer."""
        with contextlib.suppress(Exception):
            return sum(self._client.nthreads().values())
        return 0

    def submit(self, work: Work, places: Sequence[Place]) -> Future[list[Outcome]]:
        """Have a batch read; Dask itself gives it to another worker when one is gone."""
        future: Future[list[Outcome]] = self._pool.submit(work, places)
        return future

    def renew(self) -> None:
        """A batch that killed its workers leaves the cluster whole; a scheduler that is gone may come back."""
        with contextlib.suppress(Exception):
            if self._client.status == "running" and self.width:
                return
        with contextlib.suppress(Exception):
            self._client.close(timeout=1)
        self._join()

    def close(self) -> None:
        """Leave the cluster, and end it if it is ours."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)
        if self._cluster is not None:
            with contextlib.suppress(Exception):
                self._cluster.close(timeout=5)

    def _join(self) -> None:
        where = self._cluster or self._address
        try:
            self._client = self._distributed.Client(where, timeout=RETURN_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkersError(f"no Dask scheduler at {self._address or 'this machine'}: {error}") from None
        self._pool = self._client.get_executor(pure=False)


def _silence(*libraries: str) -> None:
    """What matters of a cluster is told in our own words."""
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in libraries:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
