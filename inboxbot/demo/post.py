"""The sample post: letters of every kind, dated so that they arrive today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from inboxbot.issuers.wording import day

FOLDER = Path(__file__).parent / "post"
_MARK = re.compile(r"\{\{(\w+) (-?\d+)(?: (\w+))?\}\}")


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter of the sample post, ready to be delivered."""

    name: str
    raw: bytes


def sample_post(now: datetime) -> Iterator[Sample]:
    """The letters in their order; every `{{…}}` in them becomes a date so many days from `now`."""
    for path in sorted(FOLDER.glob("*.eml")):
        text = _MARK.sub(lambda match: _dated(match, now), path.read_text(encoding="utf-8"))
        yield Sample(path.stem.partition("-")[2], text.replace("\n", "\r\n").encode())


def _dated(match: re.Match[str], now: datetime) -> str:
    how, days, language = match[1], int(match[2]), match[3] or "fr"
    when = now + timedelta(days=days)
    match how:
        case "date":
            return format_datetime(when)
        case "day":
            return day(when.date(), language)
        case "dots":
            return f"{when:%d.%m.%Y}"
        case "weekday":
            return f"{_WEEKDAYS[when.weekday()]} {day(when.date(), 'fr')}"
        case "gmail":
            return f"{_WEEKDAYS[when.weekday()][:3]}. {day(when.date(), 'fr')} à {when:%H:%M}"
    raise ValueError(match[0])


_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
