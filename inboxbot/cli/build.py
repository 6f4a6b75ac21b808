"""The only place that builds things: configuration in, working parts out."""

from __future__ import annotations

import hashlib
import socket
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Engine

from inboxbot.cases.book import Clerk
from inboxbot.cases.filings import Writer
from inboxbot.config import Account, Config
from inboxbot.daemon.bulletin import Bulletin
from inboxbot.daemon.deliver import Command, Post
from inboxbot.daemon.gestures import Hand
from inboxbot.daemon.herald import Herald
from inboxbot.daemon.observe import PAUSE, Observer, Wishes
from inboxbot.daemon.outage import Outage
from inboxbot.daemon.retention import Retention
from inboxbot.daemon.status import FILE, Keeper
from inboxbot.daemon.supervise import Tell
from inboxbot.daemon.sweep import Beat
from inboxbot.daemon.teach import Lesson
from inboxbot.daemon.turns import Turns
from inboxbot.daemon.watch import Watch
from inboxbot.errors import SetupError
from inboxbot.learn.finding import last
from inboxbot.learn.lesson import Result, School, learn
from inboxbot.learn.pile import Pile
from inboxbot.mailbox.connect import Login, with_password, with_token
from inboxbot.mailbox.imap import open_imap
from inboxbot.mailbox.maildir import MaildirMailbox
from inboxbot.model.names import Rooms
from inboxbot.ports import Desk, Ledger, Mailbox
from inboxbot.reader.keys import KeyedReader
from inboxbot.reader.process import Furniture, ReaderProcess
from inboxbot.records import OTHER, Brief, Filing
from inboxbot.signin import secrets
from inboxbot.signin.kept import access_token
from inboxbot.store.casebook import SqlCaseBook
from inboxbot.store.engine import open_store
from inboxbot.store.erase import expire
from inboxbot.store.gestures import SqlGestures
from inboxbot.store.hold import Holds
from inboxbot.store.ledger import SqlLedger

if TYPE_CHECKING:  # an extra
    from inboxbot.signin.google import Google
    from inboxbot.signin.microsoft import Microsoft

log = structlog.get_logger()


def furniture(config: Config) -> Furniture:
    """What the reader loads."""
    templates = config.identity.templates
    return Furniture(
        models_dir=str(config.models_dir),
        rooms=tuple(str(config.beside(d)) for d in config.issuers.extra_dirs),
        templates=str(config.beside(templates)) if templates else "",
    )


def reader(config: Config) -> ReaderProcess:
    """A reader with this configuration's rooms and model; its process starts with the first letter."""
    return ReaderProcess(furniture(config))


def model_in_use(config: Config) -> str | None:
    """The version that letters are judged with; None when there is none. It opens none: that is the reader's part."""
    from inboxbot.model import shelf

    return shelf.current(config.models_dir) or shelf.current(shelf.packaged_shelf())


def known_rooms(config: Config) -> Rooms:
    """What the model is told of the rooms."""
    from inboxbot.issuers.room import open_rooms
    from inboxbot.reader.known import known

    return known(open_rooms([config.beside(directory) for directory in config.issuers.extra_dirs]))


def store(config: Config) -> Engine:
    """This configuration's store, opened once: all accounts share its few connections."""
    return _opened_store(config.store.url, config.state_dir)


_opened_store = cache(open_store)


def ledger(config: Config) -> SqlLedger:
    """The ledger in this configuration's store."""
    return SqlLedger(store(config))


def holds(config: Config) -> Holds | None:
    """What this process holds among all that share the store; None where it is a file, which no other machine has."""
    engine = store(config)
    return _holds_of(engine) if engine.dialect.name == "postgresql" else None


_holds_of = cache(Holds)


def gestures(config: Config) -> SqlGestures:
    """What people said of letters, in this configuration's store."""
    return SqlGestures(store(config))


def pile(config: Config) -> Pile:
    """The labelled letters that are learned from."""
    return Pile(config.state_dir / "pile", config.learning.keep)


def school(config: Config) -> School:
    """Where everything lies that a lesson of this configuration needs."""
    return School(
        pile=pile(config),
        shelf=config.models_dir,
        rooms=tuple(config.beside(directory) for directory in config.issuers.extra_dirs),
        retention=timedelta(days=config.store.retention_days),
    )


def lesson(config: Config) -> Lesson:
    """A lesson in the course of the day: with too little that is new, or by this configuration's will, it is none."""

    def give(stop: Callable[[], bool]) -> Result:
        said, now, after = gestures(config).every(), _now(), config.learning.after
        return learn(school(config), said, now, dry_run=not after, least=after, stop=stop)

    return give


def casebook(config: Config) -> SqlCaseBook:
    """The case book in this configuration's store."""
    return SqlCaseBook(store(config))


def brief(config: Config, account: Account) -> Brief:
    """What the reader is told about every mail of this account."""
    identity = config.identity_of(account)
    ours = {a.lower() for a in (identity.address, account.user or "") if "@" in a}
    receiver = account.receiver()
    return Brief(identity=identity, receiver=receiver, ours=frozenset(ours), quote=account.quote, glance=True)


def opener(config: Config, account: Account, *, read_only: bool = False) -> Callable[[], Mailbox]:
    """How to connect to the account; the secret is asked for at each connection and kept nowhere."""
    sheets = None if account.sheets == "off" else account.sheets
    if account.maildir is not None:
        root = Path(account.maildir).expanduser()
        return lambda: MaildirMailbox(
            root,
            account=account.label,
            index_dir=config.state_dir / "maildir" / account.name,
            drafts=account.drafts,
            sheets=sheets,
            read_only=read_only,
        )
    return lambda: open_imap(
        host=str(account.host),
        port=account.effective_port,
        security=account.security,
        user=str(account.user),
        login=login_of(config, account),
        ca_file=str(config.beside(account.ca_file)) if account.ca_file else None,
        drafts=account.drafts,
        sheets=sheets,
        read_only=read_only,
        claimant=claimant(config) if account.keywords else None,
    )


def claimant(config: Config) -> str:
    """This program on this machine, as its claims on letters name it: the same also when the store was lost."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except OSError:
        machine = socket.gethostname()
    return hashlib.sha256(f"{machine} {config.state_dir}".encode()).hexdigest()[:8]


def login_of(config: Config, account: Account) -> Login:
    """How the account signs in: by a password or by an access token, asked for at each connection."""
    signs_in = with_password if account.auth == "password" else with_token
    return signs_in(str(account.user), secret_of(config, account))


def provider_of(config: Config, account: Account) -> Google | Microsoft:
    """The account's provider of access tokens; SetupError when the libraries for it are not installed."""
    try:
        from inboxbot.signin.google import Google
        from inboxbot.signin.microsoft import Microsoft
    except ImportError:
        raise SetupError(
            [f"provider = {account.provider} needs libraries more: run pip install 'inboxbot[oauth]'"]
        ) from None
    if account.provider == "google":
        return Google(config.beside(str(account.client_file)), account.name)
    return Microsoft(str(account.client_id), account.name, account.tenant, account.authority)


def signin_file(config: Config, account: Account) -> Path:
    """Where the account's sign-in is kept."""
    return config.state_dir / "signin" / f"{account.name}.json"


def secret_of(config: Config, account: Account) -> Callable[[], str]:
    """Where the account's password or access token comes from."""
    if account.token_command is not None:
        return partial(secrets.from_command, account.token_command, "token")
    if account.provider is not None:
        return access_token(signin_file(config, account), provider_of(config, account), account.name)
    if account.password_file is not None:
        path = config.beside(account.password_file)
        return lambda: secrets.from_file(path)
    if account.password_command is not None:
        command = account.password_command
        return lambda: secrets.from_command(command)
    if account.password_env is not None:
        name = account.password_env
        return lambda: secrets.from_environment(name)
    credential = str(account.credential)
    return lambda: secrets.from_credential(credential)


def listeners(config: Config, ledger: SqlLedger) -> list[Tell]:
    """To whom it is told how the service is: the file that `status` reads, and the metrics if they are wished for."""
    told: list[Tell] = [Keeper(config.state_dir / FILE)]
    if config.metrics.listen or config.metrics.textfile:
        told.append(_metrics(config, ledger))
    return told


def _metrics(config: Config, ledger: SqlLedger) -> Tell:
    try:
        from inboxbot.daemon.metrics import Metrics
    except ImportError:
        raise SetupError(["[metrics] needs a library more: run pip install 'inboxbot[metrics]'"]) from None
    textfile = config.beside(config.metrics.textfile) if config.metrics.textfile else None
    metrics = Metrics(ledger.census, partial(model_in_use, config), textfile)
    if config.metrics.listen:
        address, _, port = config.metrics.listen.rpartition(":")
        metrics.listen(address.strip("[]"), int(port))
    return metrics


def herald(config: Config, ledger: SqlLedger) -> Herald | None:
    """Who tells a webhook or a command of events; nobody, unless one is configured."""
    webhook = config.webhook
    if not webhook.is_on:
        return None
    deliver = Command(webhook.command) if webhook.command else Post(str(webhook.url), _signing_secret(config))
    reached = config.state_dir / "webhook.reached"
    return Herald(ledger, deliver, reached, webhook.events, details=webhook.details)


def _signing_secret(config: Config) -> Callable[[], str]:
    webhook = config.webhook
    if webhook.secret_file is not None:
        return partial(secrets.from_file, config.beside(webhook.secret_file), "webhook secret")
    if webhook.secret_env is not None:
        return partial(secrets.from_environment, webhook.secret_env)
    return partial(secrets.from_credential, str(webhook.credential))


def retention(config: Config) -> Retention:
    """What forgets what is older than this configuration wants to keep."""
    return Retention(partial(expire, store(config)), pile(config), timedelta(days=config.store.retention_days))


@dataclass(frozen=True, slots=True)
class _Common:
    """What the accounts of one service have in common: what may be said of letters, retention, and the turns at a host."""

    reader: ReaderProcess
    ledger: Ledger
    labels: tuple[str, ...]
    scenarios: tuple[str, ...]
    forget: Retention
    hosts: defaultdict[str, Turns]
    outage: Outage
    holds: Holds | None  # where other machines may be on the same store


def watches(config: Config, ledger: Ledger, reader: ReaderProcess, *, claiming: bool = True) -> list[Watch]:
    """One watch an account; `claiming` it for this process among all that share the store."""
    from inboxbot.issuers.room import open_rooms

    rooms = open_rooms([config.beside(directory) for directory in config.issuers.extra_dirs])
    common = _Common(
        reader=reader,
        ledger=ledger,
        labels=(*rooms, OTHER),
        scenarios=tuple(dict.fromkeys(way for room in rooms.values() for way in room.ways())),
        forget=retention(config),
        hosts=defaultdict(Turns),
        outage=Outage(),
        holds=holds(config) if claiming else None,
    )
    return [_watch(config, account, common) for account in config.account]


def _watch(config: Config, account: Account, common: _Common) -> Watch:
    reader, ledger = common.reader, common.ledger
    told, book = brief(config, account), casebook(config)

    def writer(mailbox: Mailbox) -> Writer:
        return Writer(
            identity=told.identity,
            drafts_folder=mailbox.drafts_folder(),
            sheets_folder=mailbox.sheets_folder(),
            now=_now,
            clerk=Clerk(book, mailbox.account, _now),
        )

    def desk(mailbox: Mailbox) -> Desk:
        if mailbox.sheets_folder() is None and account.sheets != "off":
            log.warning(
                "no folder for case sheets", account=account.name, folder=account.sheets, mend="inboxbot check --fix"
            )
        return Desk(
            KeyedReader(reader) if account.dkim_dns else reader,
            told,
            writer(mailbox),
            _now,
            _Brake(account, ledger, mailbox.account),
        )

    observer = Observer(
        book,
        ledger,
        writer,
        Wishes(config.cases.remind_days, config.cases.digest),
        min(PAUSE, timedelta(seconds=account.poll_seconds / 2)),
    )

    bulletin = Bulletin(book, ledger, gestures(config), writer, partial(last, config.models_dir))

    def look_after(mailbox: Mailbox, desk: Desk) -> None:
        observer(mailbox, desk)
        if config.learning.sheet:
            bulletin(mailbox, desk)
        common.forget(desk.now())

    return Watch(
        beat=Beat(account.name, tuple(account.inbox), account.since),
        open=opener(config, account),
        desk=desk,
        ledger=ledger,
        poll_seconds=account.poll_seconds,
        turns=common.hosts[account.host or account.label],
        outage=common.outage,
        claim=partial(_claim, account, common.holds) if common.holds else lambda: None,
        mailbox=account.label,
        hand=_hand(config, account, common),
        observe=look_after,
    )


def _hand(config: Config, account: Account, common: _Common) -> Hand:
    """What the user of this account may say by moving and marking letters."""
    return Hand(
        labels=common.labels,
        scenarios=common.scenarios,
        watched=tuple(account.inbox),
        book=gestures(config),
        pile=pile(config),
        eyes=common.reader,
        alias=account.name,
    )


def _claim(account: Account, holds: Holds) -> None:
    if not holds.take(account.label):
        raise SetupError(
            [f'account "{account.name}": another inboxbot on this store is at work on it: stop that one first']
        )


class _Brake:
    """A limit on the implausible: more drafts in a day than a person could want are held, and told once."""

    def __init__(self, account: Account, ledger: Ledger, label: str) -> None:
        self._account, self._ledger, self._label = account, ledger, label
        self._told = False

    def __call__(self, filing: Filing) -> bool:
        limit = self._account.max_drafts_per_day
        if (
            not filing.kind.startswith("draft:")
            or self._ledger.drafts_since(self._label, _now() - timedelta(days=1)) < limit
        ):
            return True
        if not self._told:
            self._told = True
            log.error(
                "drafts held back",
                account=self._account.name,
                limit=limit,
                mend="raise max_drafts_per_day if this is right",
            )
        return False


def _now() -> datetime:
    return datetime.now(UTC)
