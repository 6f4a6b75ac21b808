"""The rota that all workers share: sweeps of mailboxes as jobs of Procrastinate, in the PostgreSQL that is the store.

A job is one sweep of one mailbox. Every ten seconds one of the workers looks who is due and has no job yet, so that a
mailbox never has two; a job whose worker gave no sign of life for half a minute is given to another one.
"""

from __future__ import annotations

import hashlib
import logging
import math
import random
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Mapping

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import Engine, text

from inboxbot.daemon.outage import PAUSE
from inboxbot.daemon.watch import FIRST_PAUSE, LONGEST_PAUSE, REFUSALS, REFUSED_PAUSE
from inboxbot.errors import MailboxError, NoModelError, RefusedError, SetupError, SignInError, StoreError
from inboxbot.store.engine import alone, told_in_words

QUEUE = "inboxbot"
TICK = 10  # seconds between two looks who is due
DEAD_AFTER = 30.0  # seconds without a sign of life, which a worker gives every ten
A_DAY = 86_400.0

Sweep = Callable[[str], Awaitable[None]]  # sweeps the mailbox of that label


def prepare(engine: Engine) -> None:
    """Make Procrastinate's tables beside the store's, once. StoreError when that cannot be done."""
    with told_in_words(engine), engine.begin() as connection:
        alone(connection)
        if connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is None:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(App(connector=PsycopgConnector()).schema_manager.get_schema())  # many statements in one


def rota(engine: Engine, poll_seconds: Mapping[str, float], sweep: Sweep) -> App:
    """The application that every worker runs; `poll_seconds` names the mailboxes and how often each is swept."""
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what there is to say is said by the sweeps
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=address, max_size=4, timeout=PAUSE))

    @app.task(name="sweep", queue=QUEUE, retry=_Patience())
    async def sweep_mailbox(mailbox: str) -> None:
        await sweep(mailbox)

    @app.periodic(cron=f"* * * * * */{TICK}")
    @app.task(name="look-who-is-due", queue=QUEUE, queueing_lock="look-who-is-due", lock="look-who-is-due", priority=1)
    async def look_who_is_due(timestamp: int) -> None:
        busy = {
            job.lock
            for status in ("todo", "doing")
            for job in await app.job_manager.list_jobs_async(task="sweep", status=status)
        }
        jobs = [
            sweep_mailbox.configure(lock=mailbox, queueing_lock=mailbox, task_kwargs={"mailbox": mailbox}).job
            for mailbox, seconds in poll_seconds.items()
            if is_due(mailbox, seconds, timestamp) and mailbox not in busy
        ]
        if jobs:
            await app.job_manager.batch_defer_jobs_async(jobs)

    @app.periodic(cron=f"* * * * * */{TICK}")
    @app.task(name="take-over", queue=QUEUE, queueing_lock="take-over", priority=2)
    async def take_over_from_the_dead(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's shape
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_AFTER):
            await app.job_manager.retry_job(job)

    return app


def is_due(mailbox: str, seconds: float, timestamp: int) -> bool:
    """Whether the mailbox is swept at this tick: the mailboxes are spread evenly over their pauses."""
    every = max(1, round(seconds / TICK))
    place = int.from_bytes(hashlib.sha256(mailbox.encode()).digest()[:4], "big")
    return (timestamp // TICK + place) % every == 0


def pause_after(error: BaseException, attempts: int) -> float | None:
    """Seconds until a sweep that failed is tried again; None: when the mailbox is due the next time."""
    match error:
        case CancelledError():  # this worker stops, another one goes on
            return 0.0
        case SignInError():  # providers lock accounts
            return REFUSED_PAUSE if attempts < REFUSALS - 1 else A_DAY
        case RefusedError() | SetupError():
            return REFUSED_PAUSE
        case StoreError():
            return PAUSE
        case NoModelError():
            return None
        case MailboxError() if error.retry_after:
            return error.retry_after
    longest = min(FIRST_PAUSE * 2 ** min(attempts, 16), LONGEST_PAUSE)
    return random.uniform(longest / 2, longest)  # noqa: S311 - jitter, not a secret


class _Patience(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        seconds = pause_after(exception, job.attempts)
        return None if seconds is None else RetryDecision(retry_in={"seconds": math.ceil(seconds)})
