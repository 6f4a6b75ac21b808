"""`inboxbot status`: how the service is, for a person and for whoever watches over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from inboxbot import wire
from inboxbot.cases.case import due, is_waiting
from inboxbot.cli import build, options
from inboxbot.config import Config
from inboxbot.daemon.status import FILE, AccountStatus, ServiceStatus, kept
from inboxbot.records import Case, CaseLetter, Census, Stage, Step


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option(
    "--stale-after",
    type=click.IntRange(min=1),
    metavar="MINUTES",
    help="How old the last good sweep may be (default: 15, or three times poll_seconds).",
)
@options.common
def command(as_json: bool, stale_after: int | None, config_path: str | None) -> int:
    """Tell how each account is, what is queued, the model and the next deadline; exit 1 if something needs you."""
    config = options.required(config_path)
    report = _look(config, datetime.now(UTC), timedelta(minutes=stale_after) if stale_after else None)
    if as_json:
        click.echo(json.dumps(report.plain(), ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    return 1 if report.problems else 0


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: the service's own status, what waits in the store, and what is not as it should be."""

    now: datetime
    service: ServiceStatus | None
    queues: dict[str, Census]
    model: str | None
    deadline: tuple[Case, CaseLetter] | None
    problems: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        service = self.service
        return {
            "well": not self.problems,
            "problems": list(self.problems),
            "running": service is not None and service.is_running(self.now),
            "version": service and service.version,
            "pid": service and service.pid,
            "started_at": service and service.started_at.isoformat(),
            "written_at": service and service.written_at.isoformat(),
            "accounts": [
                {**_plain(account), "queue": _queue(self.queues.get(account.name))}
                for account in (service.accounts if service else ())
            ],
            "model": self.model,
            "next_deadline": self.deadline and _deadline(*self.deadline),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        service = self.service
        if service is not None:
            since = f"{service.started_at.astimezone():%Y-%m-%d %H:%M}"
            ended = service.ended_at.astimezone() if service.ended_at else None
            state = f"ended {ended:%Y-%m-%d %H:%M}" if ended else f"since {since}, process {service.pid}"
            yield f"inboxbot {service.version}, {state}"
        for account in service.accounts if service else ():
            done = account.succeeded_at
            last = f"last good sweep {_span(self.now - done)} ago" if done else "no good sweep yet"
            yield f"{account.name:<12} {account.state:<12} {last}"
            waiting = [
                f"{number} {what.replace('_', ' ')}" for what, number in _queue(self.queues.get(account.name)).items()
            ]
            yield f"{'':<12} queue: {', '.join(waiting)}"
        yield f"model        {self.model or 'none'}"
        if self.deadline:
            case, letter = self.deadline
            yield f"deadline     {letter.deadline} ({case.title} {case.number or ''}".rstrip() + ")"
        yield from (f"→ {problem}" for problem in self.problems)


def _look(config: Config, now: datetime, limit: timedelta | None) -> Report:
    service = kept(config.state_dir / FILE)
    census = build.ledger(config).census()
    model = build.model_in_use(config)
    return Report(
        now=now,
        service=service,
        queues={account.name: census.of(account.label) for account in config.account},
        model=model,
        deadline=_next_deadline(build.casebook(config).cases(), now.astimezone().date()),
        problems=tuple(_problems(config, service, model, now, limit)),
    )


def _problems(
    config: Config, service: ServiceStatus | None, model: str | None, now: datetime, limit: timedelta | None
) -> Iterator[str]:
    if service is None:
        yield "the service has not run yet: start it with `inboxbot run`"
    elif not service.once and not service.is_running(now):
        yield f"the service is not running (last sign of life {_span(now - service.written_at)} ago): start it again"
    if model is None:
        yield "there is no model, so letters wait undecided: run inboxbot train --promote"
    if service is None:
        return
    watched = {account.name: account for account in service.accounts}
    for name in (account.name for account in config.account):
        if name not in watched:
            yield f"{name}: is in the configuration but not watched: reload the service"
        elif not watched[name].is_well(now, limit):
            yield f"{name}: {_trouble(watched[name], now)}"


def _trouble(account: AccountStatus, now: datetime) -> str:
    if account.why:
        return f"{account.state}: {account.why}"
    done = account.succeeded_at
    lately = f"for {_span(now - done)}" if done else "yet"
    return f"no good sweep {lately}: see its log, and run inboxbot check"


def _next_deadline(cases: list[Case], today: date) -> tuple[Case, CaseLetter] | None:
    """The nearest date, from today on, by which something is asked of the user."""
    asked = [(letter.deadline, case, letter) for case in cases if is_waiting(case) and (letter := due(case))]
    coming = [(when, case.id, case, letter) for when, case, letter in asked if when and when >= today]
    return min(coming, key=lambda each: each[:2])[2:] if coming else None


def _plain(account: AccountStatus) -> dict[str, Any]:
    plain: dict[str, Any] = wire.to_plain(account)
    del plain["mailbox"]  # a monitor needs no address
    return plain


def _queue(census: Census | None) -> dict[str, int]:
    census = census or Census({}, {})
    return {
        "undecided": census.letters_at(Stage.SEEN),
        "to_file": census.filings_at(Step.PLANNED, Step.INTENT),
        "uncertain": census.filings_at(Step.UNCERTAIN),
        "set_aside": census.letters_at(Stage.QUARANTINED),
    }


def _deadline(case: Case, letter: CaseLetter) -> dict[str, Any]:
    return {
        "date": letter.deadline and letter.deadline.isoformat(),
        "rolled": letter.deadline_rolled and letter.deadline_rolled.isoformat(),
        "case": case.id,
        "issuer": case.room,
        "case_number": case.number,
    }


def _span(span: timedelta) -> str:
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
