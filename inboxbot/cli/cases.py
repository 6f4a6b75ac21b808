"""`inboxbot cases`: the case book as a list, one case, a calendar, or a folder for the lawyer."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from inboxbot.cli import build, options
from inboxbot.config import Config
from inboxbot.errors import InboxbotError, SetupError
from inboxbot.records import Arrival, Case, Entry

COLUMNS = ("id", "issuer", "case_number", "status", "stage", "deadline", "days_left", "amount", "currency", "letters")


@click.group("cases", invoke_without_command=True)
@options.common
@click.pass_context
def command(ctx: click.Context, config_path: str | None) -> None:
    """The case book: letters of one claim, where each stands, and by when an answer is asked.

    Deadlines are as the letters state them; none is called the legal one.
    """
    ctx.obj = config_path
    if ctx.invoked_subcommand is None:
        ctx.invoke(show_all, config_path=config_path, closed=False, as_json=False, as_csv=False)


@command.command("list")
@click.option("--all", "closed", is_flag=True, help="Closed cases too.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@options.common
@click.pass_context
def show_all(ctx: click.Context, config_path: str | None, closed: bool, as_json: bool, as_csv: bool) -> None:
    """List the cases, past and near deadlines first."""
    from inboxbot.cases.case import by_urgency, status_of
    from inboxbot.records import Status

    book = build.casebook(options.required(config_path or ctx.obj))
    cases = [case for case in by_urgency(book.cases()) if closed or status_of(case) is not Status.CLOSED]
    if as_json:
        click.echo(json.dumps([_plain(case) for case in cases], ensure_ascii=False, indent=1))
    elif as_csv:
        _write_csv(cases)
    else:
        _print_table(cases)


@command.command("show")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@options.common
@click.pass_context
def show(ctx: click.Context, case: str, as_json: bool, config_path: str | None) -> None:
    """Show one case, by its id or its case number: letters, drafts, what was sent, deadlines and how they are counted."""
    found = _the_one(build.casebook(options.required(config_path or ctx.obj)).cases(), case)
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=1))
        return
    for line in _lines(found):
        click.echo(line)


@command.command("close")
@click.argument("case", metavar="CASE")
@click.option("--reopen", is_flag=True, help="Take it back.")
@options.common
@click.pass_context
def close(ctx: click.Context, case: str, reopen: bool, config_path: str | None) -> None:
    """Note that a case is closed: nothing reminds of it any more, until another demand comes."""
    book = build.casebook(options.required(config_path or ctx.obj))
    found = _the_one(book.cases(), case)
    book.close(found.id, None if reopen else datetime.now(UTC))
    click.echo(f"{found.id} {_name(found)}: {'open again' if reopen else 'closed'}")


@command.command("ics")
@click.option("--output", metavar="FILE", help="Where to write it (default: standard output).")
@options.common
@click.pass_context
def ics(ctx: click.Context, output: str | None, config_path: str | None) -> None:
    """Write the deadlines that nothing was sent for yet, as a calendar (.ics)."""
    from inboxbot.cases.calendar import open_deadlines

    config = options.required(config_path or ctx.obj)
    calendar = open_deadlines(build.casebook(config).cases(), config.identity.language, datetime.now(UTC))
    if output is None:
        sys.stdout.buffer.write(calendar)
        sys.stdout.flush()
    else:
        _write(Path(output), calendar)


@command.command("export")
@click.argument("case", metavar="CASE")
@click.option("--output", metavar="FILE.zip", help="Where to write it (default: case-<number>.zip here).")
@options.common
@click.pass_context
def export(ctx: click.Context, case: str, output: str | None, config_path: str | None) -> None:
    """Put everything about one case into a .zip for the lawyer: mails as they came, checksums, facts, timeline, drafts."""
    from inboxbot.cases.dossier import archive

    config = options.required(config_path or ctx.obj)
    found = _the_one(build.casebook(config).cases(), case)
    path = Path(output or f"case-{''.join(c for c in found.number or found.id if c.isalnum())}.zip")
    missing, packed = archive(_papers(config, found), config.identity.language, _today())
    _write(path, packed)
    click.echo(f"{path}: {_name(found)}, {len(found.letters)} letters")
    for what in missing:
        click.echo(f"inboxbot: not in the mailbox any more: {what}", err=True)


# --- one case ---------------------------------------------------------------------------------------------------------


def _the_one(cases: Iterable[Case], name: str) -> Case:
    from inboxbot.cases.case import plain_number

    cases = list(cases)
    found = [case for case in cases if case.id.startswith(name.lower())]
    found = found or [case for case in cases if case.number and plain_number(case.number) == plain_number(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InboxbotError(f"{name}: several cases are called so: {', '.join(case.id for case in found)}")
    raise InboxbotError(f"{name}: no such case: see `inboxbot cases list --all`")


def _papers(config: Config, case: Case) -> Any:
    """Everything about the case; the mails are fetched from the mailbox, which is opened for reading only."""
    from inboxbot.cases.dossier import Papers

    account = next((account for account in config.account if account.label == case.account), None)
    if account is None:
        raise SetupError([f"{config.path}: no [[account]] opens {case.account}, where this case lies"])
    book, ledger, gestures = build.casebook(config), build.ledger(config), build.gestures(config)
    entries = [entry for letter in case.letters if (entry := ledger.entry(letter.key))]
    places = {letter.key: gestures.places(letter.key) for letter in case.letters}
    with closing(build.opener(config, account, read_only=True)()) as mailbox:
        letters = {letter.key: _fetch_letter(mailbox, letter.key, places[letter.key]) for letter in case.letters}
        answers = {
            answer.message_id: _fetch(mailbox, Arrival(answer.folder, answer.uidvalidity, answer.uid, 0))
            for answer in case.answers
        }
    readings = {letter.key: reading for letter in case.letters if (reading := book.reading(letter.key))}
    return Papers(case, letters, readings, _drafts(entries), answers)


def _drafts(entries: Iterable[Entry]) -> list[Any]:
    filings = (filing for entry in entries for filing in entry.filings)
    return [filing for filing in filings if filing.kind.startswith("draft:") and filing.intended_at]


def _fetch_letter(mailbox: Any, key: str, places: Iterable[Arrival]) -> bytes | None:
    """The letter from wherever it was seen and still lies."""
    from inboxbot.letter.identity import letter_key

    for place in places:
        raw = _fetch(mailbox, place)
        if raw is not None and letter_key(mailbox.account, raw) == key:
            return raw
    return None


def _fetch(mailbox: Any, place: Arrival) -> bytes | None:
    from inboxbot.errors import RefusedError

    try:
        now = mailbox.look(place.folder, [place.uid])
        same = [replace(arrival) for arrival in now if arrival.uidvalidity == place.uidvalidity]
        return next((raw for _, raw in mailbox.fetch(same)), None)
    except RefusedError:  # the folder is no more
        return None


# --- how it is shown --------------------------------------------------------------------------------------------------


def _plain(case: Case) -> dict[str, Any]:
    from inboxbot import wire
    from inboxbot.cases.case import due, stage_of, status_of

    asked = due(case)
    newest = next((letter for letter in reversed(case.letters) if letter.amount is not None), None)
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
        "days_left": (asked.deadline - _today()).days if asked and asked.deadline else None,
        "amount": str(newest.amount) if newest else None,
        "currency": newest.currency if newest else None,
        "letters": [wire.to_plain(letter) for letter in case.letters],
        "drafts": [
            {"letter": draft.letter, "kind": draft.kind, "message_id": draft.message_id, "fate": draft.fate.value}
            for draft in case.drafts
        ],
        "answers": [wire.to_plain(answer) for answer in case.answers],
    }


def _write_csv(cases: Iterable[Case]) -> None:
    table = csv.writer(sys.stdout)
    table.writerow(COLUMNS)
    for case in cases:
        told = {**_plain(case), "letters": len(case.letters)}
        table.writerow(["" if told[column] is None else told[column] for column in COLUMNS])


def _print_table(cases: list[Case]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from inboxbot.cases.case import due, is_waiting, stage_of, status_of
    from inboxbot.cases.sheet import days_left
    from inboxbot.cases.words import STAGES, STATUS
    from inboxbot.issuers.wording import money

    if not cases:
        click.echo("no open case (closed ones: inboxbot cases list --all)")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("by", "", "status", "stage", "case", "asked", "id"):
        table.add_column(column, no_wrap=column in ("by", "id", "asked"))
    for case in cases:
        asked = due(case)
        left, style = "", ""
        if asked and asked.deadline and is_waiting(case):
            left = days_left(asked.deadline, _today(), "en")
            days = (asked.deadline - _today()).days
            style = "bold red" if days < 0 else "red" if days <= 3 else "yellow" if days <= 7 else ""
        amount = next((letter for letter in reversed(case.letters) if letter.amount is not None), None)
        suspect = " (SUSPECT)" if case.standing.value == "suspect" else ""
        table.add_row(
            Text(asked.deadline.isoformat() if asked and asked.deadline else "", style),
            Text(left, style),
            STATUS["en"][status_of(case)],
            STAGES["en"].get(stage_of(case) or "", stage_of(case) or ""),
            Text(_name(case) + suspect),
            money(amount.amount, amount.currency, "en") if amount and amount.amount and amount.currency else "",
            case.id,
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)


def _lines(case: Case) -> Iterator[str]:
    from inboxbot.cases.case import due, stage_of, status_of
    from inboxbot.cases.sheet import days_left
    from inboxbot.cases.words import STAGES, STATUS

    said = STAGES["en"]
    yield f"{case.id}  {_name(case)}"
    yield f"status: {STATUS['en'][status_of(case)]}, {said.get(stage_of(case) or '', 'no stage')}"
    yield f"from: {_shown(case.counterparty)} ({case.standing.value})" + (
        f", for {_shown(case.rights_holder)}" if case.rights_holder else ""
    )
    asked = due(case)
    if asked and asked.deadline:
        yield f"deadline by the letter: {asked.deadline} ({days_left(asked.deadline, _today(), 'en')})"
        if asked.deadline_rolled and asked.deadline_rolled != asked.deadline:
            yield f"  next working day: {asked.deadline_rolled}"
        if asked.deadline_quote:
            yield f"  counted from: “{_shown(asked.deadline_quote)}”"
    yield "letters:"
    for letter in case.letters:
        yield f"  {letter.sent_at:%Y-%m-%d}  {said.get(letter.stage or '', 'no demand'):<20}  {letter.key[:8]}  {_shown(letter.subject)}"
    for draft in case.drafts:
        yield f"draft {draft.kind.partition(':')[2]} for {draft.letter[:8]}: {_FATES[draft.fate.value].format(folder=draft.folder)}"
    for answer in {answer.message_id: answer for answer in case.answers}.values():
        yield f"sent by you: {answer.sent_at:%Y-%m-%d}"


_FATES = {"waiting": "waits in {folder}", "sent": "sent", "gone": "no longer in {folder} as it was filed"}


def _name(case: Case) -> str:
    return _shown(" · ".join(filter(None, (case.title, case.number))))


def _shown(words: str) -> str:
    """A letter's words for a terminal: no control characters."""
    from inboxbot.letter.text import one_line

    return one_line(words, 200)


def _today() -> date:
    return datetime.now().astimezone().date()


def _write(path: Path, content: bytes) -> None:
    """Write a file for its owner alone: it holds letters."""
    try:
        path.touch(mode=0o600)
        path.write_bytes(content)
    except OSError as error:
        raise InboxbotError(f"{path}: cannot be written: {error.strerror}") from None
