"""Where in a sentence the words for one sum end and those for the next begin."""

from __future__ import annotations

from collections.abc import Sequence

import re2

from inboxbot.issuers.kinds.sums import Sum
from inboxbot.issuers.kinds.vocabulary import Cue

OR = re2.compile(
    r";|\(of $|\b(?:ou bien|ou|or|oder|oppure|ofwel|of (?:een|de|het|bij|om|met|schadevergoeding|licentie|wanneer)|dan wel|"
    r"alternatively|alternativement|respectivement|bzw)\b| / | [*-] |\bopti(?:on|e) \d|"
    r"\b(?:opcion|opzione|moglichkeit|solution|variante) \d"
)
_SAME = re2.compile(r"\(|=|\b(?:soit|i\.e\.|that is|c'est-a-dire|also|mithin|das sind)\b")
_AND = re2.compile(
    r",|\b(?:et|and|und|y|puis|plus|zzgl|zuzuglich|majoree?|augmentee?|auxquels?|a laquelle|au lieu|instead|"
    r"rather|statt|anstatt|en lugar|anziche|invece|in plaats)\b|\b(?:en|e)\s*$|\+"
)
_TAX_MARK = re2.compile(r"^\W{0,2}(?:h\.? ?t\b|t\.? ?t\.? ?c\b|hors taxes?|toutes taxes comprises|netto|brutto)")
_ELSE = re2.compile(
    r"; |, (?:et|and|und|mais|but|aber|y|pero|ma) |\b(?:faute de quoi|a defaut|sinon|sans quoi|otherwise|failing which|"
    r"failing this|andernfalls|anderenfalls|sonst|de lo contrario|altrimenti|in caso contrario)\b"
)
_BRACKET = 110  # characters between a label and the bracket behind it


def parting(text: str, end: int, start: int) -> int:
    """Where, between two sums, the words for the first end and those for the second begin, by the surest sign there is."""
    between = text[end:start]
    closed = between.rfind(")")
    if closed >= 0:
        return end + closed + 1
    opened = between.rstrip().endswith("(")  # what stands before a sum in brackets may be its name
    for pattern in (OR, *((_AND,) if opened else ()), _SAME, _AND):
        cuts = [match.start() for match in pattern.finditer(between)]
        if cuts:
            return end + int(cuts[-1])
    mark = _TAX_MARK.match(between)
    return end + int(mark.end()) if mark else end


def stop(text: str, end: int) -> int:
    """Where the words for the last sum of a sentence end."""
    found = _ELSE.search(text, end)
    return int(found.start()) if found else len(text)


def choice(text: str, cues: Sequence[Cue], end: int) -> int:
    """Where the alternative begins that ends in paying: "either send the licence or pay 350 euros"."""
    for match in reversed(list(OR.finditer(text[:end]))):
        if any(match.end() <= cue.start and cue.end <= end for cue in cues if cue.meaning == "demand"):
            return int(match.end())
    return 0


def bracket(text: str, inside: Sum, closed: int) -> int:
    """Where the bracket opens that closes at `closed` and holds a sum; -1 where there is none."""
    if text[closed - 1 : closed] != ")":
        return -1
    return text.rfind("(", max(inside.start - _BRACKET, 0), inside.start)
