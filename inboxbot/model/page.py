"""A measurement as one page that needs nothing else: tables, and curves drawn as SVG in the page itself."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inboxbot.model.evaluate import Outcome, Report
from inboxbot.records import OTHER, UNSURE

_SIDE, _MARGIN = 280, 40
_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child { text-align: left; }
.hit { background: #2a7d4622; } .miss { background: #b3261e22; }
figure { display: inline-block; margin: 0 1.5rem 1rem 0; } figcaption { font-size: .85rem; }
svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
svg .axis { stroke: currentColor; stroke-width: 1; opacity: .4; } svg .even { stroke-dasharray: 4 4; }
svg .curve { fill: none; stroke: #2563c9; stroke-width: 2; } svg .dot { fill: #2563c9; }
"""


Curve = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading, and what it says in a sentence."""

    title: str
    said: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def write_page(
    path: Path, outcomes: Sequence[Outcome], report: Report, curve: Curve | None = None, more: Sequence[Section] = ()
) -> None:
    """Write the page: figures a class, confusion, calibration, coverage against precision, learning curves, the worst
    mistakes; what else there is to tell (`more`) comes first."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>inboxbot: a measurement</title><style>{_STYLE}</style><h1>A measurement of the judge</h1>",
        (
            f"<p>{report.count} mails; cost {report.cost:.1f}: {report.wrong_drafts} wrong drafts, {report.missed} missed, "
            f"{report.unsure} unsure. Thresholds: letter {report.rule.letter:.2f}, other {report.rule.other:.2f}, "
            f"margin {report.rule.margin:.2f}. Expected calibration error {report.calibration_error:.3f}.</p>"
        ),
        *(_section(each) for each in more),
        "<h2>By class</h2>", _classes(report),
        "<h2>Confusion</h2><p>Rows: what a person says. Columns: what was decided.</p>", _confusion(report),
        "<h2>Curves</h2>", _figure(_reliability(outcomes), "how sure", "how often right", "Calibration: on the diagonal, 90 % sure is right nine times in ten"),
        _figure(_coverage(outcomes), "share decided", "share right of those", "Coverage against precision, the surest first"),
        *_learning(curve or {}),
        "<h2>By language</h2>", _table(("language", "right"), ((k, f"{v:.1%}") for k, v in report.by_language.items())),
        _worst(report),
    ]  # fmt: skip
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _worst(report: Report) -> str:
    if not report.worst:
        return "<p>No mistake was made.</p>"
    rows = ((name, truth, decided, f"{p:.3f}") for name, truth, decided, p in report.worst)
    return "<h2>The worst mistakes</h2>" + _table(("mail", "is", "decided", "p of the truth"), rows)


def _section(section: Section) -> str:
    table = _table(section.head, section.rows) if section.rows else ""
    return f"<h2>{html.escape(section.title)}</h2><p>{html.escape(section.said)}</p>{table}"


def _learning(curve: Curve) -> Iterator[str]:
    if curve:
        yield "<h2>Learning curves</h2><p>Where a curve still rises, more letters of that class would help.</p>"
    for label, points in curve.items():
        most = max([count for count, _ in points], default=0) or 1
        told = f"{label}: " + ", ".join(f"{right:.0%} with {count}" for count, right in points)
        yield _figure(
            [(count / most, right) for count, right in points], f"share of {most} letters learned", "recognised", told
        )


def _classes(report: Report) -> str:
    rows = (
        (name, str(sum(row.values())), f"{report.recall[name]:.1%}", f"{report.precision[name]:.1%}", f"{report.unsure_rate[name]:.1%}")
        for name, row in report.confusion.items()
    )  # fmt: skip
    return _table(("class", "mails", "recall", "precision", "unsure"), rows)


def _confusion(report: Report) -> str:
    columns = [*report.confusion, UNSURE]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in ("", *columns))
    body = ""
    for name, row in report.confusion.items():
        cells = "".join(_cell(row.get(column, 0), hit=column == name) for column in columns)
        body += f"<tr><td>{html.escape(name)}</td>{cells}</tr>"
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(count: int, *, hit: bool) -> str:
    kind = "hit" if hit else "miss" if count else ""
    return f"<td class='{kind}'>{count}</td>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return "<table><tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in head) + f"</tr>{lines}</table>"


def _reliability(outcomes: Sequence[Outcome], bins: int = 10) -> list[tuple[float, float]]:
    """(mean confidence, share right) of each bin that holds mails."""
    points = []
    for low in range(bins):
        here = [o for o in outcomes if low / bins <= _surest(o)[1] < (low + 1) / bins + (low == bins - 1)]
        if here:
            right = sum(_surest(o)[0] == o.label for o in here) / len(here)
            points.append((sum(_surest(o)[1] for o in here) / len(here), right))
    return points


def _coverage(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """(share of the mails decided, share right of those), as the threshold falls; ordinary mail that names no room apart."""
    asked = sorted((o for o in outcomes if o.label != OTHER or _surest(o)[1] < 1), key=lambda o: -_surest(o)[1])
    points, right = [], 0
    for count, outcome in enumerate(asked, 1):
        right += _surest(outcome)[0] == outcome.label
        points.append((count / len(asked), right / count))
    return points[:: max(1, len(points) // 200)]


def _surest(outcome: Outcome) -> tuple[str, float]:
    return max(outcome.probabilities.items(), key=lambda item: item[1])


def _figure(points: Sequence[tuple[float, float]], across: str, up: str, caption: str) -> str:
    return f"<figure>{''.join(_drawn(points, across, up))}<figcaption>{html.escape(caption)}</figcaption></figure>"


def _drawn(points: Sequence[tuple[float, float]], across: str, up: str) -> Iterator[str]:
    whole = _SIDE + 2 * _MARGIN
    yield f"<svg width={whole} height={whole} role=img aria-label='{html.escape(up)} against {html.escape(across)}'>"
    yield f"<rect class=axis x={_MARGIN} y={_MARGIN} width={_SIDE} height={_SIDE} fill=none />"
    yield f"<line class='axis even' x1={_MARGIN} y1={_MARGIN + _SIDE} x2={_MARGIN + _SIDE} y2={_MARGIN} />"
    placed = [(_MARGIN + x * _SIDE, _MARGIN + (1 - y) * _SIDE) for x, y in points]
    yield "<polyline class=curve points='" + " ".join(f"{x:.1f},{y:.1f}" for x, y in placed) + "' />"
    if len(placed) <= 20:
        yield from (f"<circle class=dot cx={x:.1f} cy={y:.1f} r=3 />" for x, y in placed)
    for share in (0, 0.5, 1):
        yield f"<text x={_MARGIN + share * _SIDE} y={whole - 16} text-anchor=middle>{share:.0%}</text>"
        yield f"<text x={_MARGIN - 6} y={_MARGIN + (1 - share) * _SIDE + 4} text-anchor=end>{share:.0%}</text>"
    yield f"<text x={whole / 2} y={whole - 2} text-anchor=middle>{html.escape(across)}</text>"
    yield f"<text x=0 y=12>{html.escape(up)}</text></svg>"
