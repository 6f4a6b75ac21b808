"""The case book: cases, their letters, the user's answers, and what became of drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as C

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)

    def letter() -> sa.ForeignKey:
        return sa.ForeignKey("letters.key", ondelete="CASCADE")

    op.create_table(
        "cases",
        C("id", sa.String(24), primary_key=True),
        C("account", sa.String(320), nullable=False, index=True),
        C("room", sa.String(64), nullable=False),
        C("title", sa.String(200), nullable=False),
        C("number", sa.String(200)),
        C("counterparty", sa.String(255), nullable=False),
        C("rights_holder", sa.String(500)),
        C("standing", sa.String(16), nullable=False),
        C("stage", sa.String(64)),
        C("status", sa.String(16), nullable=False, index=True),
        C("opened_at", moment, nullable=False),
        C("deadline", sa.Date),
        C("deadline_rolled", sa.Date),
        C("amount", sa.String(32)),
        C("currency", sa.String(8)),
        C("closed_at", moment),
    )
    op.create_table(
        "case_letters",
        C("letter", sa.String(64), letter(), primary_key=True),
        C("case_id", sa.String(24), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
        C("sent_at", moment, nullable=False),
        C("seen_at", moment, nullable=False),
        C("stage", sa.String(64)),
        C("sender", sa.String(320), nullable=False),
        C("subject", sa.Text, nullable=False),
        C("message_id", sa.Text),
        C("thread", sa.Text, nullable=False),
        C("number", sa.String(200)),
        C("amount", sa.String(32)),
        C("currency", sa.String(8)),
        C("deadline", sa.Date),
        C("deadline_rolled", sa.Date),
        C("deadline_quote", sa.Text, nullable=False),
        C("first_warning_on", sa.Date),
    )
    op.create_table(
        "answers",
        C("letter", sa.String(64), letter(), primary_key=True),
        C("message_id", sa.String(500), primary_key=True),
        C("sent_at", moment, nullable=False),
        C("folder", sa.String(500), nullable=False),
        C("uidvalidity", sa.BigInteger, nullable=False),
        C("uid", sa.BigInteger, nullable=False),
        C("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "fates",
        C("letter", sa.String(64), letter(), primary_key=True),
        C("kind", sa.String(64), primary_key=True),
        C("fate", sa.String(16), nullable=False),
        C("at", moment, nullable=False),
    )
