"""What the three rooms state about their genuine letters."""

from __future__ import annotations

from inboxbot.issuers.room import open_rooms

PROFILES = {name: room.trust for name, room in open_rooms().items()}
COPYTRACK, PIXTRAKK, HADOPI = (PROFILES[name] for name in ("copytrack", "pixtrakk", "hadopi"))
