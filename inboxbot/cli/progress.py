"""Progress on a terminal, and the figures of a measurement in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import track

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
