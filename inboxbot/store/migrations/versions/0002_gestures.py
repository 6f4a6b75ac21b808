"""What people said of letters by moving, marking or naming them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as C

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "gestures",
        C("account", sa.String(320), primary_key=True),
        C("place", sa.String(600), primary_key=True),
        C("uidvalidity", sa.BigInteger, primary_key=True),
        C("uid", sa.BigInteger, primary_key=True),
        C("letter", sa.String(64), primary_key=True, index=True),
        C("folder", sa.String(500), nullable=False),
        C("kind", sa.String(16), nullable=False),
        C("value", sa.String(64), nullable=False),
        C("at", moment, nullable=False),
        C("gone_at", moment),
        C("done", sa.Boolean, nullable=False),
        C("forgotten", sa.Boolean, nullable=False),
    )
