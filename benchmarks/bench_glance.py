"""Ordinary mail through the whole understanding, glance first, against mail-parser and the model's own answer on the same mails."""

from __future__ import annotations

from collections.abc import Callable

import mailparser
import mailroom

from inboxbot.flow import understand
from inboxbot.issuers.room import deserves_care, open_rooms
from inboxbot.letter.parse import read_letter
from inboxbot.model.features import Sight, sights
from inboxbot.model.judge import NamedJudge
from inboxbot.model.names import Names
from inboxbot.model.shelf import open_current
from inboxbot.reader.known import known
from inboxbot.records import Brief

ROUNDS, MAILS = 7, 400
GLANCING = Brief(glance=True)


def main() -> None:
    rooms, bundle = open_rooms(), open_current(None)
    if bundle is None:
        raise SystemExit("no packaged model: make train")
    judge, names = NamedJudge(bundle.weights, bundle.rule, bundle.version, known(rooms)), Names(known(rooms))
    mails = [path.read_bytes() for path in sorted((mailroom.LETTERS / "other").glob("*.eml"))]
    ordinary = [raw for raw in mails if not names.of(read_letter(raw))][:MAILS]
    spared = sum(not deserves_care(rooms, raw, GLANCING) for raw in ordinary)
    print(
        f"{len(ordinary)} mails that name no issuer; the glance spares {spared / len(ordinary):.1%} the careful reading"
    )
    seen = next(iter(sights(read_letter(mailroom.letter()), names).values()))

    def parsed_and_asked(raw: bytes) -> None:
        parsed(raw)
        asked(judge, seen)

    ratios, reading = [], []
    for _ in range(ROUNDS):
        ours = took(ordinary, lambda raw: understand(raw, GLANCING, judge, rooms))
        floor = took(ordinary, parsed_and_asked)
        careful = took(ordinary[:60], lambda raw: understand(raw, Brief(), judge, rooms)) * len(ordinary) / 60
        ratios.append(ours / floor)
        reading.append(ours / careful)
    mailroom.told("glance and all, as a share of mail-parser and the model's answer", ratios)
    mailroom.told("glance and all, as a share of reading every mail with care", reading)


def took(mails: list[bytes], act: Callable[[bytes], object]) -> float:
    """Processor seconds for all of them."""
    return mailroom.spent(lambda: [act(raw) for raw in mails])


def parsed(raw: bytes) -> None:
    """mail-parser, with the text that one would classify."""
    try:
        " ".join(mailparser.parse_from_bytes(raw).text_plain)
    except Exception:  # noqa: BLE001 - it raises outside its own exception type on some mails
        return


def asked(judge: NamedJudge, sight: Sight) -> None:
    """The model's own answer for one room."""
    judge.shared({"copytrack": sight})


if __name__ == "__main__":
    main()
