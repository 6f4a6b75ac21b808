"""What `inboxbot check` looks at, one finding a line; the mend stands beside each failure."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from inboxbot.cli import build
from inboxbot.config import Account, Config
from inboxbot.daemon.watch import EXPIRY_NOTICE
from inboxbot.errors import MailboxError, RefusedError, SetupError, StoreError
from inboxbot.mailbox.imap import ImapMailbox
from inboxbot.mailbox.maildir import MaildirMailbox

State = Literal["ok", "warning", "failed"]
CONNECT_SECONDS = 10
USEFUL = ("IDLE", "SPECIAL-USE", "UIDPLUS", "NAMESPACE", "CONDSTORE")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: of which account (or the program), what, how it is, and the mend if it is not well."""

    about: str
    what: str
    state: State
    told: str
    mend: str = ""


def look(config: Config, *, fix: bool = False) -> Iterator[Finding]:
    """Everything that the service needs, in the order in which it would fail."""
    yield Finding("inboxbot", "configuration", "ok", f"{config.path}, {len(config.account)} account(s)")
    for account in config.account:
        yield from _account(config, account, fix=fix)
    yield from _reader(config)
    yield _store(config)
    yield _tesseract()


def _account(config: Config, account: Account, *, fix: bool) -> Iterator[Finding]:
    if account.maildir is not None:
        root = Path(account.maildir).expanduser()
        there = root.is_dir()
        mend = "" if there else "name the directory of your local mail"
        yield Finding(account.name, "maildir", "ok" if there else "failed", str(root), mend)
        if there:
            yield from _opened(config, account, fix=fix)
        return
    try:
        build.secret_of(config, account)()
    except (SetupError, MailboxError) as error:
        yield Finding(account.name, "secret", "failed", *_parted(str(error)))
        return
    by_password = account.auth == "password"
    told = "can be read, by its owner alone" if by_password else "an access token can be had"
    yield Finding(account.name, "secret", "ok", told)
    reached = _reached(account)
    yield reached
    if reached.state == "ok":
        yield from _opened(config, account, fix=fix)


def _reached(account: Account) -> Finding:
    """Name and line on their own, so that a wrong host is not taken for a wrong password."""
    host, port = str(account.host), account.effective_port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return Finding(account.name, "DNS", "failed", f"{host} cannot be resolved", "check `host`, or the network")
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError as error:
        why = "no answer" if isinstance(error, TimeoutError) else (error.strerror or str(error))
        return Finding(
            account.name, "TCP", "failed", f"{host}:{port}: {why}", "check `port`, the firewall, or the server"
        )
    return Finding(account.name, "TCP", "ok", f"{host}:{port} ({found[0][4][0]})")


def _opened(config: Config, account: Account, *, fix: bool) -> Iterator[Finding]:
    try:
        mailbox = build.opener(config, account)()
    except SetupError as error:
        yield Finding(account.name, "secret", "failed", *_parted(error.problems[0]))
        return
    except MailboxError as error:
        yield Finding(account.name, _step(error), "failed", *_parted(str(error)))
        return
    try:
        if isinstance(mailbox, ImapMailbox):
            yield _tls(account, mailbox.certificate_ends)
            yield Finding(account.name, "login", "ok", str(account.user))
            able = mailbox.capabilities()
            missing = [name for name in USEFUL if name not in able]
            told = "all that help" if not missing else f"without {', '.join(missing)}: works, by other means"
            yield Finding(account.name, "capabilities", "ok", told)
            if account.keywords:
                yield _claims(account, able)
        if isinstance(mailbox, ImapMailbox | MaildirMailbox):
            yield from _folders(account, mailbox, _wanted(config, account), fix=fix)
    except MailboxError as error:
        yield Finding(account.name, "drafts", "failed", *_parted(str(error)))
    finally:
        mailbox.close()


def _claims(account: Account, able: frozenset[str]) -> Finding:
    if "CONDSTORE" in able:
        return Finding(account.name, "claims", "ok", "letters are claimed before they are answered")
    mend = "run one inboxbot alone on this mailbox, and remove keywords"
    return Finding(account.name, "claims", "warning", "the server has no CONDSTORE: letters cannot be claimed", mend)


def _tls(account: Account, ends: datetime | None) -> Finding:
    how = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption (this machine only)"}[account.security]
    if ends is None:
        return Finding(account.name, "TLS", "ok", how)
    told = f"{how}, certificate verified, good until {ends:%Y-%m-%d}"
    if ends - datetime.now(UTC) > EXPIRY_NOTICE:
        return Finding(account.name, "TLS", "ok", told)
    return Finding(account.name, "TLS", "warning", told, "renew it on the server: nothing is read once it has ended")


def _folders(
    account: Account, mailbox: ImapMailbox | MaildirMailbox, wanted: list[str], *, fix: bool
) -> Iterator[Finding]:
    choice = mailbox.drafts_choice()
    if mailbox.writable(choice.name):
        yield Finding(account.name, "drafts", "ok", f"{choice.name} ({choice.why})")
    else:
        mend = "give the account write access to it, or name another folder with `drafts`"
        yield Finding(account.name, "drafts", "failed", f"{choice.name} is read-only", mend)
    if fix and (made := mailbox.make_folders(wanted)):
        yield Finding(account.name, "own folders", "ok", f"created: {', '.join(made)}")
    missing = mailbox.missing_folders(wanted)
    if missing:
        yield Finding(account.name, "own folders", "warning", f"missing: {', '.join(missing)}", "inboxbot check --fix")
    else:
        yield Finding(account.name, "own folders", "ok", f"{len(wanted)}, for case sheets, labels and replies")
    yield from _authserv_id(account, mailbox)


def _authserv_id(account: Account, mailbox: ImapMailbox | MaildirMailbox) -> Iterator[Finding]:
    """Whose word on senders is believed, compared with what stands above the first Received of recent mail."""
    from inboxbot.trust.authentication import is_id
    from inboxbot.trust.propose import propose

    proposed = propose(mailbox.traces(account.inbox[0]))
    nobody = "nobody's word on senders is believed, so no letter can be called genuine"
    if account.authserv_id and proposed and not is_id(proposed, account.authserv_id):
        told, mend = (
            f"{account.authserv_id} is believed on who sent a mail",
            f'compare: recent mail carries "{proposed}"',
        )
        yield Finding(account.name, "authserv_id", "warning", told, mend)
    elif account.authserv_id:
        yield Finding(account.name, "authserv_id", "ok", f"{account.authserv_id} is believed on who sent a mail")
    elif account.microsoft:
        yield Finding(account.name, "authserv_id", "ok", "Microsoft's servers are believed on who sent a mail")
    elif proposed:
        mend = (
            f'your server writes as "{proposed}" above the first Received of recent mail, where no sender can write: '
            f'set authserv_id = "{proposed}" if that is your provider'
        )
        yield Finding(account.name, "authserv_id", "warning", nobody, mend)
    else:
        mend = "recent mail does not tell whose to believe: docs/trust.md has a table of providers"
        yield Finding(account.name, "authserv_id", "warning", nobody, mend)


def _wanted(config: Config, account: Account) -> list[str]:
    """The bot's own folders: sheets, one a label, one a reply."""
    from inboxbot.issuers.room import open_rooms

    rooms = open_rooms([config.beside(directory) for directory in config.issuers.extra_dirs])
    replies = dict.fromkeys(name for room in rooms.values() for name in room.offers(None))
    sheets = [] if account.sheets == "off" else [account.sheets]
    labels = [f"Inboxbot/Label/{name.title()}" for name in (*rooms, "other")]
    return [*sheets, *labels, *(f"Inboxbot/Reply/{name.title()}" for name in replies)]


def _reader(config: Config) -> Iterator[Finding]:
    from inboxbot.model import shelf

    reader = build.reader(config)
    try:
        ready = reader.ready
    except SetupError as error:
        for problem in error.problems:
            yield Finding("inboxbot", "model", "failed", *_parted(problem))
        return
    finally:
        reader.close()
    if ready.model is None:
        mend = "inboxbot train --promote; until then letters wait undecided"
        yield Finding("inboxbot", "model", "failed", "there is none", mend)
    elif why := shelf.fault(config.models_dir):
        told, mend = _parted(why)
        yield Finding("inboxbot", "model", "warning", f"{ready.model} stands in: {told}", mend)
    else:
        yield Finding("inboxbot", "model", "ok", ready.model)


def _store(config: Config) -> Finding:
    try:
        build.ledger(config)
    except (StoreError, SetupError) as error:
        return Finding("inboxbot", "store", "failed", *_parted(str(error)))
    except OSError as error:
        mend = "check the directory's owner and free space"
        return Finding("inboxbot", "store", "failed", f"{config.state_dir}: {error.strerror}", mend)
    with contextlib.suppress(OSError):
        if not os.access(config.state_dir, os.W_OK):
            return Finding("inboxbot", "store", "failed", f"{config.state_dir} cannot be written", "check its owner")
    return Finding("inboxbot", "store", "ok", config.store.url)


def _tesseract() -> Finding:
    has = shutil.which("tesseract") and importlib.util.find_spec("pytesseract")
    if has:
        return Finding("inboxbot", "OCR", "ok", "tesseract: scans and photographs are read")
    mend = "install tesseract-ocr, -fra and -deu, and inboxbot[ocr]"
    return Finding("inboxbot", "OCR", "warning", "scans and photographs are not read", mend)


def _step(error: MailboxError) -> str:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLError) or "STARTTLS" in str(error):
        return "TLS"
    return "login" if isinstance(error, RefusedError) else "connection"


def _parted(text: str) -> tuple[str, str]:
    """The error's own words: what is wrong, and behind the last colon the mend."""
    told, colon, mend = text.rpartition(": ")
    return (told, mend) if colon and mend.split(" ", 1)[0] in _MENDS else (text, "")


_MENDS = frozenset("check give use run try create correct name remove put add stop restore promote".split())
