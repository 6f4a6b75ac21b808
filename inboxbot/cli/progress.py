"""Progress on a terminal, and the figures of a measurement in plain words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn, track

if TYPE_CHECKING:
    from inboxbot.model.evaluate import Report

T = TypeVar("T")


def bar(what: str) -> Callable[[Iterable[T]], Iterator[T]]:
    """A progress bar on standard error, where that is a terminal; else nothing."""
    console = Console(stderr=True)

    def shown(items: Iterable[T]) -> Iterator[T]:
        if not console.is_terminal:
            yield from items
            return
        known = list(items)
        yield from track(known, description=what, console=console, transient=True)

    return shown


class Meter:
    """How far a long work is: of `total`, what has been passed, and a word on it."""

    def __init__(self, progress: Progress | None = None, total: int = 0) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total) if progress else None

    def passed(self, amount: int) -> None:
        """So much more is behind us."""
        if self._progress and self._task is not None:
            self._progress.advance(self._task, amount)

    def say(self, what: str) -> None:
        """What stands beside the bar."""
        if self._progress and self._task is not None:
            self._progress.update(self._task, description=what)


@contextlib.contextmanager
def meter(total: Callable[[], int]) -> Iterator[Meter]:
    """A meter on standard error, where that is a terminal; elsewhere one that shows nothing, and `total` is not asked."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Meter()
        return
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        yield Meter(progress, total())


def figures(report: Report) -> str:
    """Recall, precision and questions a class, then the price of the mistakes and where the worst of them lie."""
    lines = [f"{'':<12} {'letters':>8} {'recall':>8} {'precision':>10} {'unsure':>8}"]
    for label, row in report.confusion.items():
        count = sum(row.values())
        lines.append(
            f"{label:<12} {count:>8} {report.recall[label]:>8.1%} {report.precision[label]:>10.1%} {report.unsure_rate[label]:>8.1%}"
        )
    lines.append(
        f"cost {report.cost:.1f}: {report.wrong_drafts} wrong drafts, {report.missed} missed, {report.unsure} unsure "
        f"of {report.count}; calibration error {report.calibration_error:.3f}"
    )
    lines += [f"  {name}: {truth}, judged {decided} (p = {p:.2f})" for name, truth, decided, p in report.worst]
    return "\n".join(lines)
