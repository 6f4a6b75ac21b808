"""The tables, in SQLAlchemy Core: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy import Column as C

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC: SQLite has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the hook's shape
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


accounts = Table(
    "accounts",
    metadata,
    C("account", String(320), primary_key=True),
    C("first_seen_at", Moment, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    C("account", String(320), primary_key=True),
    C("folder", String(500), primary_key=True),
    C("uidvalidity", BigInteger, nullable=False),
    C("uid", BigInteger, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    C("key", String(64), primary_key=True),
    C("account", String(320), nullable=False, index=True),
    C("stage", String(16), nullable=False, index=True),
    C("attempts", Integer, nullable=False),
    C("label", String(64)),
    C("silence", Text),
    C("reading", Text),  # what was understood, as JSON: the case book is made of it
    C("last_error", Text),
    C("first_seen_at", Moment, nullable=False),
    C("moved_at", Moment, nullable=False),
)

locations = Table(
    "locations",
    metadata,
    C("account", String(320), primary_key=True),
    C("folder", String(500), primary_key=True),
    C("uidvalidity", BigInteger, primary_key=True),
    C("uid", BigInteger, primary_key=True),
    C("letter", String(64), ForeignKey("letters.key", ondelete="CASCADE"), nullable=False, index=True),
    C("envelope", String(64), nullable=False),
    C("size", BigInteger, nullable=False),
    Index("ix_locations_envelope", "account", "folder", "envelope", "size"),
)

filings = Table(
    "filings",
    metadata,
    C("letter", String(64), ForeignKey("letters.key", ondelete="CASCADE"), primary_key=True),
    C("kind", String(64), primary_key=True),
    C("message_id", String(255), nullable=False, index=True),
    C("folder", String(500), nullable=False),
    C("flags", String(255), nullable=False),
    C("raw", LargeBinary, nullable=False),
    C("step", String(16), nullable=False, index=True),
    C("fence_uidvalidity", BigInteger),
    C("fence_uidnext", BigInteger),
    C("planned_at", Moment, nullable=False),
    C("intended_at", Moment),
    C("why", Text),
)

gestures = Table(  # no foreign key: what turned out to be no letter is remembered too, so that it is fetched once
    "gestures",
    metadata,
    C("account", String(320), primary_key=True),
    C("place", String(600), primary_key=True),
    C("uidvalidity", BigInteger, primary_key=True),
    C("uid", BigInteger, primary_key=True),
    C("letter", String(64), primary_key=True, index=True),
    C("folder", String(500), nullable=False),
    C("kind", String(16), nullable=False),
    C("value", String(64), nullable=False),
    C("at", Moment, nullable=False),
    C("gone_at", Moment),
    C("done", Boolean, nullable=False),
    C("forgotten", Boolean, nullable=False),
)

moves = Table(  # every move is a row: what happened, when and why
    "moves",
    metadata,
    C("id", Integer, primary_key=True, autoincrement=True),
    C("letter", String(64), ForeignKey("letters.key", ondelete="CASCADE"), nullable=False, index=True),
    C("kind", String(64)),
    C("origin", String(16), nullable=False),
    C("target", String(16), nullable=False),
    C("at", Moment, nullable=False),
    C("why", Text),
)

# --- the case book: what is kept for people, too, so that a look into the tables tells something ----------------------

cases = Table(
    "cases",
    metadata,
    C("id", String(24), primary_key=True),
    C("account", String(320), nullable=False, index=True),
    C("room", String(64), nullable=False),
    C("title", String(200), nullable=False),
    C("number", String(200)),
    C("plain_number", String(200)),  # as letters are matched by it
    C("counterparty", String(255), nullable=False),
    C("rights_holder", String(500)),
    C("standing", String(16), nullable=False),
    C("stage", String(64)),
    C("status", String(16), nullable=False, index=True),
    C("opened_at", Moment, nullable=False),
    C("deadline", Date),
    C("deadline_rolled", Date),
    C("amount", String(32)),  # exact: money is Decimal
    C("currency", String(8)),
    C("closed_at", Moment),
    Index("ix_cases_plain_number", "account", "plain_number"),
)

case_letters = Table(
    "case_letters",
    metadata,
    C("letter", String(64), ForeignKey("letters.key", ondelete="CASCADE"), primary_key=True),
    C("case_id", String(24), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    C("sent_at", Moment, nullable=False),
    C("seen_at", Moment, nullable=False),
    C("stage", String(64), index=True),
    C("sender", String(320), nullable=False),
    C("subject", Text, nullable=False),
    C("message_id", Text, index=True),
    C("thread", Text, nullable=False),
    C("number", String(200)),
    C("amount", String(32)),
    C("currency", String(8)),
    C("deadline", Date),
    C("deadline_rolled", Date),
    C("deadline_quote", Text, nullable=False),
    C("first_warning_on", Date),
)

answers = Table(
    "answers",
    metadata,
    C("letter", String(64), ForeignKey("letters.key", ondelete="CASCADE"), primary_key=True),
    C("message_id", String(500), primary_key=True, index=True),
    C("sent_at", Moment, nullable=False),
    C("folder", String(500), nullable=False),
    C("uidvalidity", BigInteger, nullable=False),
    C("uid", BigInteger, nullable=False),
    C("sha256", String(64), nullable=False),
)

fates = Table(
    "fates",
    metadata,
    C("letter", String(64), ForeignKey("letters.key", ondelete="CASCADE"), primary_key=True),
    C("kind", String(64), primary_key=True),
    C("fate", String(16), nullable=False),
    C("at", Moment, nullable=False),
)
