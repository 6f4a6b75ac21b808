"""`inboxbot scan`: what is understood of whole archives; no network but a Dask cluster's, no store, no drafts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inboxbot.cli import build, options
from inboxbot.cli.progress import Meter, meter
from inboxbot.records import OTHER, Brief, Receiver

if TYPE_CHECKING:
    from inboxbot.scan.crew import Crew
    from inboxbot.scan.output import Output
    from inboxbot.scan.place import Outcome
    from inboxbot.scan.scan import Scan


@click.command("scan")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A .csv or .jsonl; goes on from there.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Workers (default: one a core).")
@click.option("--backend", type=click.Choice(["loky", "dask"]), default="loky", show_default=True)
@click.option("--scheduler", metavar="ADDRESS", help="The Dask cluster to use, as tcp://host:8786.")
@click.option("--glance", is_flag=True, help="Read with care only what may name an issuer: faster, the same labels.")
@click.option("--authserv-id", metavar="ID", help="Trust the Authentication-Results of this server.")
@options.common
def command(
    paths: tuple[str, ...],
    output: Path | None,
    jobs: int | None,
    backend: str,
    scheduler: str | None,
    glance: bool,
    authserv_id: str | None,
    config_path: str | None,
) -> int:
    """Read every mail of archives: mbox, Maildir, folders with .eml files, single files.

    With --output each mail is a line there, and the same command goes on where it was broken off; without it, the letters
    that were found are listed.
    """
    from inboxbot.cli.spreadsheet import flat, plain
    from inboxbot.scan.batch import read_batch
    from inboxbot.scan.look import Look
    from inboxbot.scan.scan import Scan

    if scheduler and backend != "dask":
        raise click.UsageError("--scheduler is for --backend dask")
    config = options.optional(config_path)
    brief = Brief(identity=config.identity.record(), receiver=Receiver(authserv_id=authserv_id), glance=glance)
    brief = replace(brief, ours=frozenset({brief.identity.address.lower()} - {""}))
    work = partial(read_batch, furniture=build.furniture(config), brief=brief)
    with closing(_opened(output)) if output else nullcontext() as kept:
        before = len(kept.ids) if kept else 0
        with meter(Look(paths, lambda *_: None).size) as shown, closing(_crew(backend, scheduler, jobs)) as crew:
            scan = Scan(paths, kept.ids if kept else set(), shown.passed)
            tally = _Tally(shown, kept, flat if output and _ending(output) == ".csv" else plain)
            for outcomes in scan.run(work, crew):
                tally.take(outcomes)
    for line in tally.table() if output is None else ():
        click.echo(line)
    click.echo(tally.summary(before, output))
    return _told(scan) or (1 if tally.failed else 0)


def _opened(path: Path) -> Output:
    from inboxbot.cli.spreadsheet import COLUMNS
    from inboxbot.scan.output import ForeignFileError, Form, JsonLines, Output, Table

    forms: dict[str, Form] = {".csv": Table(COLUMNS), ".jsonl": JsonLines()}
    form = forms.get(_ending(path))
    if form is None:
        raise click.UsageError(f"--output {path}: its name must end in .csv or .jsonl")
    try:
        return Output(path, form)
    except ForeignFileError as error:
        raise click.UsageError(f"--output {path}: {error}") from None


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _crew(backend: str, scheduler: str | None, jobs: int | None) -> Crew:
    from inboxbot.scan.crew import DaskCrew, LokyCrew

    return LokyCrew(jobs) if backend == "loky" else DaskCrew(scheduler, jobs)


@dataclass(slots=True)
class _Tally:
    """What was read so far: written where it is to be, counted, and, of letters, kept to be listed."""

    shown: Meter
    output: Output | None
    row: Callable[[Outcome], dict[str, Any]]
    labels: Counter[str] = field(default_factory=Counter)
    letters: list[Outcome] = field(default_factory=list)
    failed: int = 0
    began: float = field(default_factory=time.monotonic)

    def take(self, outcomes: list[Outcome]) -> None:
        if self.output:
            self.output.add(map(self.row, outcomes))
        for outcome in outcomes:
            if outcome.reading is None:
                self.failed += 1
                click.echo(f"inboxbot: {outcome.place}: {outcome.error}", err=True)
            else:
                self._judged_by(outcome.reading.verdict.model)
                self.labels[outcome.reading.verdict.label] += 1
                if self.output is None and outcome.reading.verdict.label != OTHER:
                    self.letters.append(outcome)
        self.shown.say(self._so_far())

    def _judged_by(self, model: str) -> None:
        if self.output and model not in self.output.models:
            if self.output.models:
                click.echo(f"inboxbot: what was written before was judged by another model than {model}", err=True)
            self.output.models.add(model)

    def table(self) -> Iterator[str]:
        """The letters, a line each."""
        for outcome in sorted(self.letters, key=lambda each: (each.place.path, each.place.number or 0)):
            reading = outcome.reading
            assert reading is not None
            facts, verdict = reading.facts, reading.verdict
            amount = f"{facts.amount} {facts.currency}" if facts.amount is not None else "–"
            about = f"{verdict.label:<10} {reading.stage or '–':<16} {reading.trust.verdict:<10} {amount:>12}"
            yield f"{about}  {facts.deadline or '–':<10}  {facts.case_number or '–':<16}  {outcome.place}"

    def summary(self, before: int, output: Path | None) -> str:
        """One sentence on the whole run."""
        seconds = time.monotonic() - self.began
        earlier = f", {before} by the run before" if before else ""
        unread = f", {self.failed} could not be read" if self.failed else ""
        where = f"; written to {output}" if output else ""
        return f"{self._so_far()} in {seconds:.1f} s{earlier}{unread}{where}"

    def _so_far(self) -> str:
        count = self.labels.total() + self.failed
        found = ", ".join(f"{self.labels[label]} {label}" for label in sorted(self.labels) if label != OTHER)
        return f"{count} mail{'' if count == 1 else 's'} read: {found or 'no letter'}"


def _told(scan: Scan) -> int:
    """Say what was not read; 1 if anything was not."""
    for path, why in (*scan.troubles.items(), *scan.missed.items()):
        click.echo(f"inboxbot: {path}: {why}", err=True)
    return 1 if scan.troubles or scan.missed else 0
