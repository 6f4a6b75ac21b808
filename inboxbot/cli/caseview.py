"""How `inboxbot cases` shows cases: a table, one case in lines, JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import click

from inboxbot.records import Case, CaseLetter, Standing, Status

COLUMNS = (
    "id", "issuer", "case_number", "status", "stage", "deadline", "days_left", "amount", "currency", "letters", "trust",
    "rights_holder", "counterparty", "deadline_rolled", "account",
)  # fmt: skip
_FATES = {
    "waiting": "waits in {folder}",
    "edited": "edited by you, still in {folder}",
    "sent": "sent",
    "gone": "no longer in {folder} as it was filed",
}


def plain(case: Case) -> dict[str, Any]:
    """A case as JSON has it."""
    from inboxbot import wire
    from inboxbot.cases.case import due, stage_of, status_of

    asked, newest = due(case), _newest_sum(case)
    return {
        "id": case.id,
        "account": case.account,
        "issuer": case.room,
        "title": case.title,
        "case_number": case.number,
        "rights_holder": case.rights_holder,
        "counterparty": case.counterparty,
        "trust": case.standing.value,
        "stage": stage_of(case),
        "status": status_of(case).value,
        "opened_at": case.letters[0].sent_at.isoformat(),
        "deadline": asked.deadline.isoformat() if asked and asked.deadline else None,
        "deadline_rolled": asked.deadline_rolled.isoformat() if asked and asked.deadline_rolled else None,
        "days_left": (asked.deadline - today()).days if asked and asked.deadline else None,
        "amount": str(newest.amount) if newest else None,
        "currency": newest.currency if newest else None,
        "letters": [wire.to_plain(letter) for letter in case.letters],
        "drafts": [
            {"letter": draft.letter, "kind": draft.kind, "message_id": draft.message_id, "fate": draft.fate.value}
            for draft in case.drafts
        ],
        "answers": [wire.to_plain(answer) for answer in case.answers],
    }


def as_csv(cases: Iterable[Case]) -> str:
    """Cases for a spreadsheet, which takes none of a letter's words for a formula."""
    from inboxbot.cases.dossier import cell

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for case in cases:
        told = {**plain(case), "letters": len(case.letters)}
        values = ("" if told[column] is None else told[column] for column in COLUMNS)
        table.writerow([cell(shown(value)) if isinstance(value, str) else value for value in values])
    return out.getvalue()


def print_table(cases: list[Case]) -> None:
    """Cases as a table in the terminal; the accounts are named where there are several."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from inboxbot.cases.case import due, is_waiting, stage_of
    from inboxbot.cases.sheet import days_left
    from inboxbot.cases.words import STAGES

    if not cases:
        click.echo("no open case (closed ones: inboxbot cases list --all)")
        return
    several = len({case.account for case in cases}) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("by", "", "status", "stage", "case", "asked", "id", *(["account"] if several else [])):
        table.add_column(column, no_wrap=column in ("by", "id", "asked"))
    for case in cases:
        asked = due(case)
        left, style = "", ""
        if asked and asked.deadline and is_waiting(case):
            left = days_left(asked.deadline, today(), "en")
            days = (asked.deadline - today()).days
            style = "bold red" if days < 0 else "red" if days <= 3 else "yellow" if days <= 7 else ""
        table.add_row(
            Text(asked.deadline.isoformat() if asked and asked.deadline else "", style),
            Text(left, style),
            _status(case),
            STAGES["en"].get(stage_of(case) or "", stage_of(case) or ""),
            Text(name(case)),
            _sum(case),
            case.id,
            *([Text(shown(case.account))] if several else []),
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)


def lines(case: Case) -> Iterator[str]:
    """One case: where it stands, what is asked by when and how that was counted, letters, drafts, what was sent."""
    from inboxbot.cases.case import due, stage_of
    from inboxbot.cases.sheet import days_left
    from inboxbot.cases.words import STAGES, clock

    stages, asked = STAGES["en"], due(case)
    yield f"{case.id}  {name(case)}"
    yield _line("status", _status(case))
    yield _line("stage", stages.get(stage_of(case) or "", "none told"))
    yield _line("from", shown(case.counterparty) + (f", for {shown(case.rights_holder)}" if case.rights_holder else ""))
    yield _line("trust", case.standing.value)
    if said := _sum(case):
        yield _line("asked", said)
    if asked and asked.deadline:
        yield _line("by", f"{asked.deadline} ({days_left(asked.deadline, today(), 'en')})")
        if asked.deadline_rolled and asked.deadline_rolled != asked.deadline:
            yield _line("", f"next working day: {asked.deadline_rolled}")
        if asked.deadline_quote:
            yield _line("", f"counted from: “{shown(asked.deadline_quote)}”")
        yield _line("", clock(asked.stage, "en"))
    for number, letter in enumerate(case.letters):
        stage = stages.get(letter.stage or "", "no demand")
        told = f"{letter.sent_at:%Y-%m-%d}  {letter.key[:8]}  {stage}: {shown(letter.subject)}"
        yield _line("" if number else "letters", told)
    for number, draft in enumerate(case.drafts):
        fate = _FATES[draft.fate.value].format(folder=draft.folder)
        yield _line("" if number else "drafts", f"{draft.kind.partition(':')[2]} for {draft.letter[:8]}: {fate}")
    for number, sent_at in enumerate({answer.message_id: answer.sent_at for answer in case.answers}.values()):
        yield _line("" if number else "sent", f"{sent_at:%Y-%m-%d}")


def name(case: Case) -> str:
    """The case as people call it."""
    return shown(" · ".join(filter(None, (case.title, case.number))))


def shown(words: str) -> str:
    """A letter's words for a terminal: no control characters."""
    from inboxbot.letter.text import one_line

    return one_line(words, 200)


def today() -> date:
    """Where the user is."""
    return datetime.now().astimezone().date()


def _line(label: str, words: str) -> str:
    return f"  {label:<9}{words}"


def _status(case: Case) -> str:
    """Where the case stands; of an imitation, that it is one."""
    from inboxbot.cases.case import status_of
    from inboxbot.cases.words import STANDING, STATUS

    status = status_of(case)
    imitation = case.standing is Standing.SUSPECT and status is not Status.CLOSED
    return STANDING["en"][case.standing] if imitation else STATUS["en"][status]


def _sum(case: Case) -> str:
    from inboxbot.issuers.wording import money

    newest = _newest_sum(case)
    return money(newest.amount, newest.currency, "en") if newest and newest.amount and newest.currency else ""


def _newest_sum(case: Case) -> CaseLetter | None:
    return next((letter for letter in reversed(case.letters) if letter.amount is not None), None)
