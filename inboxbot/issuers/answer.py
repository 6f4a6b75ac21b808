"""What is answered to a letter: the reply, or in words why there is none."""

from __future__ import annotations

from inboxbot.errors import LetterError
from inboxbot.issuers.reply import write_reply
from inboxbot.issuers.room import Room
from inboxbot.issuers.silence import reason_for_silence
from inboxbot.records import Brief, Facts, Letter, Reply, Trust, Verdict


def answer(
    letter: Letter, verdict: Verdict, room: Room | None, facts: Facts, stage: str | None, trust: Trust, brief: Brief
) -> tuple[Reply | None, str | None]:
    """(reply, None) or (None, why not): a reply that the lint refuses is worse than no reply."""
    silence = reason_for_silence(letter, verdict, room, stage, trust, brief)
    if silence or room is None:
        return None, silence
    try:
        return write_reply(letter, room, facts, stage, trust, brief), None
    except LetterError as error:
        return None, str(error)
