"""Opens the store: durable SQLite or PostgreSQL, migrated forward to this program's schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from inboxbot.errors import SetupError, StoreAwayError, StoreError

_CONNECTING = {"sqlite": {"timeout": 30}, "postgresql": {"connect_timeout": 10}}  # seconds
HEAD = "0004"  # the newest revision in migrations/


def open_store(url: str, state_dir: Path) -> Engine:
    """An engine on the store at `url` (a relative SQLite path lies in `state_dir`), its tables up to date.

    Raises StoreError, naming the store and the mend, when it cannot be opened now; SetupError when waiting will not help:
    it is newer than this program, or the URL is none that this program knows.
    """
    location = _location(url)
    shown = location.render_as_string(hide_password=True)
    if location.get_backend_name() == "sqlite" and location.database and location.database != ":memory:":
        path = state_dir / location.database  # an absolute path replaces the directory
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise StoreError(
                f"the store {path} cannot be opened: {error.strerror}: check the directory's owner and free space"
            ) from error
        location, shown = location.set(database=str(path)), str(path)
    try:
        engine = create_engine(location, connect_args=_CONNECTING[location.get_backend_name()])
        if location.get_backend_name() == "sqlite":
            _make_durable(engine)
        _migrate(engine, shown)
    except ModuleNotFoundError as error:
        raise SetupError(
            [f"[store] url needs a library more ({error.name}): run pip install 'inboxbot[postgres]'"]
        ) from None
    except SQLAlchemyError as error:
        raise StoreError(f"the store {shown} cannot be opened: {_in_words(error)}") from error
    return engine


def backups(engine: Engine) -> list[Path]:
    """The copies of the store that upgrades have left beside it."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return []
    store = Path(engine.url.database)
    return sorted(store.parent.glob(f"{store.name}.*.backup"))


def _location(url: str) -> URL:
    """The URL, if it is one that this program knows; its password is in no message."""
    mend = "give sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
    try:
        location = make_url(url)
    except (SQLAlchemyError, ValueError):
        raise SetupError([f"[store] url is no database URL: {mend}"]) from None
    if location.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SetupError([f"[store] url begins with {location.drivername}, which is not known here: {mend}"])
    return location


@contextmanager
def committed(engine: Engine) -> Iterator[Connection]:
    """One transaction, durable when the block ends; StoreError when it could not be committed.

    StoreAwayError when a server did not answer: it may have been committed all the same.
    """
    with told_in_words(engine), engine.begin() as connection:
        yield connection


@contextmanager
def told_in_words(engine: Engine) -> Iterator[None]:
    """What the database refuses, as StoreError; as StoreAwayError where it is a server that is not there now."""
    try:
        yield
    except SQLAlchemyError as error:
        is_away = isinstance(error, OperationalError) and engine.dialect.name == "postgresql"
        kind = StoreAwayError if is_away else StoreError
        raise kind(f"the store cannot be written: {_in_words(error)}") from error


def alone(connection: Connection) -> None:
    """Until this transaction ends: of several programs that start at once on one PostgreSQL, one makes its tables."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('inboxbot migrations'))"))


def _make_durable(engine: Engine) -> None:
    """WAL with a full sync at each commit: 4 ms here, and a draft is never worth less (reliability study §1.2)."""

    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun below, not by the driver
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=30000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # one writer: wait for the lock first, never fail in the middle


def _migrate(engine: Engine, shown: str) -> None:
    with engine.connect() as connection:
        found = None
        if inspect(connection).has_table("alembic_version"):
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise SetupError(
            [
                f"the store {shown} was written by a newer inboxbot (schema {found}): upgrade inboxbot, or restore the backup"
            ]
        )
    from alembic import command  # noqa: PLC0415 - 0.2 s that only a migration should cost
    from alembic.config import Config  # noqa: PLC0415

    if found is not None and engine.dialect.name == "sqlite":
        _back_up(engine, Path(f"{engine.url.database}.{found}.backup"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _back_up(engine: Engine, copy: Path) -> None:
    """Copy the store as it is, for its owner alone; a copy made before an interrupted migration is the better one."""
    if copy.exists() and copy.stat().st_size:
        return
    copy.touch(mode=0o600)
    connection = engine.raw_connection()  # VACUUM runs outside of any transaction
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()


def _in_words(error: SQLAlchemyError) -> str:
    """What the database says, on one line, and the mend where one is known."""
    cause = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
    mend = next((mend for pattern, mend in _MENDS if pattern.search(cause)), "")
    return f"{cause}: {mend}" if mend else cause


_MENDS = (
    (
        re.compile("(?i)not a database|malformed"),
        "move it away and start again (no draft is filed twice), or restore a backup",
    ),
    (re.compile("(?i)is full|disk i/o"), "make room on its disk"),
    (re.compile("(?i)readonly|unable to open"), "check its owner, and its directory's"),
    (re.compile("(?i)locked"), "stop the other program that holds it"),
    (
        re.compile("(?i)password authentication|no pg_hba|does not exist"),
        "check user, password and name in [store] url",
    ),
    (re.compile("(?i)connection|resolve"), "check [store] url, or start the database"),
)
