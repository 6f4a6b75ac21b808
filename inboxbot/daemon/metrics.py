"""Figures for Prometheus: how the accounts are, and what the ledger holds, under few and bounded labels.

A label is an account's short name, a room, a stage; never an address, a subject or a case number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, start_http_server, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from inboxbot.daemon.status import AccountStatus, ServiceStatus
from inboxbot.errors import SetupError, StoreError
from inboxbot.records import Census

log = structlog.get_logger()

STATES = ("starting", "sweeping", "watching", "reconnecting", "refused", "undecided", "resting", "stopped", "done")


class Counts(Protocol):
    """Counts what the ledger holds."""

    def __call__(self) -> Census:
        """Raises StoreError when the store cannot be read."""
        ...


class Metrics:
    """Collects the figures when they are asked for (`listen`), or writes them to a file whenever the status is told."""

    def __init__(self, census: Counts, model: Callable[[], str | None], textfile: Path | None = None) -> None:
        self._census, self._model, self._textfile = census, model, textfile
        self._status: ServiceStatus | None = None
        self._told = False
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def listen(self, address: str, port: int) -> None:
        """Answer scrapes there, from a thread of its own; SetupError when that cannot be had."""
        try:
            start_http_server(port, address, self._registry)
        except OSError as error:
            raise SetupError(
                [f"[metrics] listen = {address}:{port}: {error.strerror}: give another port, or stop what has it"]
            ) from None

    def __call__(self, status: ServiceStatus) -> None:
        """The status as it is now; told once if the textfile cannot be written."""
        self._status = status
        if self._textfile is None:
            return
        try:
            write_to_textfile(str(self._textfile), self._registry)
        except OSError as error:
            if not self._told:
                log.warning("metrics cannot be written", why=f"{self._textfile}: {error.strerror}")
            self._told = True
        else:
            self._told = False

    def collect(self) -> Iterator[Metric]:
        """The figures as they are now."""
        if self._status is None:
            return
        yield from _of_the_service(self._status, self._model())
        yield from _of_accounts(self._status.accounts)
        try:
            census = self._census()
        except StoreError as error:
            log.warning("metrics without the store", why=str(error))
            return
        yield from _of_the_ledger(census, {account.mailbox: account.name for account in self._status.accounts})


def _of_the_service(status: ServiceStatus, model: str | None) -> Iterator[Metric]:
    info = GaugeMetricFamily("inboxbot_info", "Version and model in use.", labels=("version", "model"))
    info.add_metric((status.version, model or "none"), 1)
    yield info
    started = GaugeMetricFamily("inboxbot_start_time_seconds", "When the service was started.")
    started.add_metric((), status.started_at.timestamp())
    yield started


def _of_accounts(accounts: tuple[AccountStatus, ...]) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "inboxbot_account_state", "1 for the state that an account is in.", labels=("account", "state")
    )
    success = GaugeMetricFamily(
        "inboxbot_last_success_timestamp_seconds", "End of the last sweep that went well.", labels=("account",)
    )
    ends = GaugeMetricFamily(
        "inboxbot_certificate_end_timestamp_seconds", "End of the server's certificate.", labels=("account",)
    )
    connections = CounterMetricFamily(
        "inboxbot_connections", "Sessions opened since the service was started.", labels=("account",)
    )
    for account in accounts:
        for each in STATES:
            state.add_metric((account.name, each), float(each == account.state))
        if account.succeeded_at:
            success.add_metric((account.name,), account.succeeded_at.timestamp())
        if account.certificate_ends:
            ends.add_metric((account.name,), account.certificate_ends.timestamp())
        connections.add_metric((account.name,), account.connections)
    yield from (state, success, ends, connections)


def _of_the_ledger(census: Census, names: dict[str, str]) -> Iterator[Metric]:
    letters = GaugeMetricFamily("inboxbot_letters", "Letters in the ledger.", labels=("account", "label", "stage"))
    for (mailbox, label, stage), number in sorted(census.letters.items()):
        if mailbox in names:
            letters.add_metric((names[mailbox], label or "none", stage.value), number)
    filings = GaugeMetricFamily(
        "inboxbot_filings", "Drafts and case sheets in the ledger.", labels=("account", "kind", "step")
    )
    for (mailbox, kind, step), number in sorted(census.filings.items()):
        if mailbox in names:
            filings.add_metric((names[mailbox], kind, step.value), number)
    yield from (letters, filings)
