"""Letters, their locations, and the filings that are the ledger's unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as C

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "accounts", C("account", sa.String(320), primary_key=True), C("first_seen_at", moment, nullable=False)
    )
    op.create_table(
        "cursors",
        C("account", sa.String(320), primary_key=True),
        C("folder", sa.String(500), primary_key=True),
        C("uidvalidity", sa.BigInteger, nullable=False),
        C("uid", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "letters",
        C("key", sa.String(64), primary_key=True),
        C("account", sa.String(320), nullable=False, index=True),
        C("stage", sa.String(16), nullable=False, index=True),
        C("attempts", sa.Integer, nullable=False),
        C("label", sa.String(64)),
        C("silence", sa.Text),
        C("reading", sa.Text),
        C("last_error", sa.Text),
        C("first_seen_at", moment, nullable=False),
        C("moved_at", moment, nullable=False),
    )
    letter = sa.ForeignKey("letters.key", ondelete="CASCADE")
    op.create_table(
        "locations",
        C("account", sa.String(320), primary_key=True),
        C("folder", sa.String(500), primary_key=True),
        C("uidvalidity", sa.BigInteger, primary_key=True),
        C("uid", sa.BigInteger, primary_key=True),
        C("letter", sa.String(64), letter, nullable=False, index=True),
        C("envelope", sa.String(64), nullable=False),
        C("size", sa.BigInteger, nullable=False),
        sa.Index("ix_locations_envelope", "account", "folder", "envelope", "size"),
    )
    op.create_table(
        "filings",
        C("letter", sa.String(64), sa.ForeignKey("letters.key", ondelete="CASCADE"), primary_key=True),
        C("kind", sa.String(64), primary_key=True),
        C("message_id", sa.String(255), nullable=False),
        C("folder", sa.String(500), nullable=False),
        C("flags", sa.String(255), nullable=False),
        C("raw", sa.LargeBinary, nullable=False),
        C("step", sa.String(16), nullable=False, index=True),
        C("fence_uidvalidity", sa.BigInteger),
        C("fence_uidnext", sa.BigInteger),
        C("planned_at", moment, nullable=False),
        C("intended_at", moment),
        C("why", sa.Text),
    )
    op.create_table(
        "moves",
        C("id", sa.Integer, primary_key=True, autoincrement=True),
        C("letter", sa.String(64), sa.ForeignKey("letters.key", ondelete="CASCADE"), nullable=False, index=True),
        C("kind", sa.String(64)),
        C("origin", sa.String(16), nullable=False),
        C("target", sa.String(16), nullable=False),
        C("at", moment, nullable=False),
        C("why", sa.Text),
    )
