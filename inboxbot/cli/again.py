"""The latest letters of the store, seen again: from the pile where they lie there, else in their mailbox, read-only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from inboxbot.cli import build
from inboxbot.config import Account, Config
from inboxbot.errors import LetterError
from inboxbot.learn.collect import FROM_FILE
from inboxbot.learn.pile import Kept
from inboxbot.letter.identity import letter_key
from inboxbot.records import Judgement

BY_JUDGE = "judge"


def latest(config: Config, count: int) -> tuple[list[Kept], int]:
    """At most `count` letters, oldest first, and how many more could not be found; MailboxError as for any sweep."""
    piled = {kept.key: kept for kept in build.pile(config).letters()}
    judged = build.ledger(config).judged(count) if config.account else []
    found = dict(piled)
    for account in config.account:
        sought = [each for each in judged if each.account == account.label and each.letter not in piled]
        found |= {kept.key: kept for kept in _seen(config, account, sought)}
    letters = [found[each.letter] for each in judged if each.letter in found]
    letters += [kept for kept in piled.values() if kept.account == FROM_FILE]
    gone = sum(each.letter not in found for each in judged)
    return sorted(letters, key=lambda kept: kept.at)[-count:], gone


def _seen(config: Config, account: Account, sought: Sequence[Judgement]) -> Iterator[Kept]:
    """The letters that are still where they were, as the model sees them; no connection is made for none."""
    if not sought:
        return
    ledger, wanted = build.ledger(config), {each.letter: each for each in sought}
    places: dict[str, list[int]] = defaultdict(list)
    for key in wanted:
        if place := ledger.location(key):
            places[place.folder].append(place.uid)
    mailbox, reader = build.opener(config, account, read_only=True)(), build.reader(config)
    try:
        for folder, uids in places.items():
            for arrival, raw in mailbox.fetch(mailbox.look(folder, uids)):
                key = letter_key(mailbox.account, raw) if raw is not None else ""
                if raw is None or key not in wanted:
                    continue
                try:
                    seen = reader.see(raw)
                except LetterError:
                    continue
                said = wanted[key]
                label = said.verdict.label
                yield Kept(key, label, account.label, arrival.folder, said.at, seen.language, seen.sights, BY_JUDGE)
    finally:
        reader.close()
        mailbox.close()
