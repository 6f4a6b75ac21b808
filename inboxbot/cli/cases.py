"""`inboxbot cases`: the case book as a list, one case, a calendar, or a folder for the lawyer."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from inboxbot.cli import build, caseview, options
from inboxbot.config import Config
from inboxbot.errors import InboxbotError, SetupError
from inboxbot.records import Arrival, Case, Entry


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
        click.echo(json.dumps([caseview.plain(case) for case in cases], ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(caseview.as_csv(cases), nl=False)
    else:
        caseview.print_table(cases)


@command.command("show")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@options.common
@click.pass_context
def show(ctx: click.Context, case: str, as_json: bool, config_path: str | None) -> None:
    """Show one case, by its id or its case number: letters, drafts, what was sent, deadlines and how they are counted."""
    found = _the_one(build.casebook(options.required(config_path or ctx.obj)).cases(), case)
    if as_json:
        click.echo(json.dumps(caseview.plain(found), ensure_ascii=False, indent=1))
        return
    for line in caseview.lines(found):
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
    click.echo(f"{found.id} {caseview.name(found)}: {'open again' if reopen else 'closed'}")


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
    from inboxbot.cases.case import plain_number
    from inboxbot.cases.dossier import archive

    config = options.required(config_path or ctx.obj)
    found = _the_one(build.casebook(config).cases(), case)
    path = Path(output or f"case-{plain_number(found.number)[:60] or found.id}.zip")
    missing, packed = archive(_papers(config, found), config.identity.language, caseview.today())
    _write(path, packed)
    count = len(found.letters)
    click.echo(f"{path}: {caseview.name(found)}, {count} {'letter' if count == 1 else 'letters'}")
    for what in missing:
        click.echo(f"inboxbot: not in the mailbox any more: {what}", err=True)


# --- one case ---------------------------------------------------------------------------------------------------------


def _the_one(cases: Iterable[Case], name: str) -> Case:
    from inboxbot.cases.case import plain_number

    cases = list(cases)
    found = [case for case in cases if name and case.id.startswith(name.lower())]
    found = found or [case for case in cases if case.number and plain_number(case.number) == plain_number(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InboxbotError(
            f"{caseview.shown(name)}: several cases are called so: {', '.join(case.id for case in found)}"
        )
    raise InboxbotError(f"{caseview.shown(name)}: no such case: see `inboxbot cases list --all`")


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


def _write(path: Path, content: bytes) -> None:
    """Write a file for its owner alone: it holds letters."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                os.fchmod(file.fileno(), 0o600)  # it may have been there before, open to others
            file.write(content)
    except OSError as error:
        raise InboxbotError(f"{path}: cannot be written: {error.strerror}") from None
