"""A letter's case is found by its number and its thread: an index on each, so that it takes no longer as cases grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("cases", sa.Column("plain_number", sa.String(200)))
    cases = sa.table("cases", sa.column("id"), sa.column("number"), sa.column("plain_number"))
    for row in op.get_bind().execute(sa.select(cases.c.id, cases.c.number)).all():
        plain = "".join(c for c in (row.number or "").upper() if c.isalnum())
        op.execute(sa.update(cases).where(cases.c.id == row.id).values(plain_number=plain or None))
    op.create_index("ix_cases_plain_number", "cases", ["account", "plain_number"])
    for table in ("case_letters", "filings", "answers"):
        op.create_index(f"ix_{table}_message_id", table, ["message_id"])
    op.create_index("ix_case_letters_stage", "case_letters", ["stage"])
