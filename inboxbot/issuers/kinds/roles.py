"""What the words around a sum make of it: the nearest cue speaks, corrections are heard from further away.

Between two sums of a sentence there is one place where the words for the first end and those for the second begin; a cue is
heard only on its own side of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import re2

from inboxbot.issuers.kinds.sums import Sum
from inboxbot.issuers.kinds.vocabulary import Cue, Extra, cues_in

_KINDS = ("compensation", "licence", "fee", "total", "other")
_REACH = {"net": 14, "gross": 14, "other": 45, "fee": 110}  # characters beyond which a cue says nothing about a sum
_NEAR = 60  # characters beyond which a comma keeps costs apart from a sum
_FAR = 140
_BEHIND = 8  # how much nearer a cue must stand behind the sum than one in front of it
_HEARD = {"other": 15, "total": 40}  # how much further these may stand than the rest: they correct what is said nearer
_PAIR = ("compensation", "licence")
_PHRASE = 180  # characters that a noun and what belongs to it may take
_TOUCH = 60  # how much nearer a cue counts that touches its sum
_LICENSED = 80  # a total for which a licence is named this near is the licence's

# Where, between two sums, the words for the first end and those for the second begin, the surest sign first.
_OR = re2.compile(
    r";|\(of $|\b(?:ou bien|ou|or|oder|oppure|ofwel|of (?:een|de|het|bij|om|met|schadevergoeding|licentie|wanneer)|dan wel|alternatively|alternativement|respectivement|bzw)\b| / | [*-] |\bopti(?:on|e) \d|\b(?:opcion|opzione|moglichkeit|solution|variante) \d"
)
_PARTINGS = (
    _OR,
    re2.compile(r"\(|=|\b(?:soit|i\.e\.|that is|c'est-a-dire|also|mithin|das sind)\b"),
    re2.compile(
        r",|\b(?:et|and|und|y|puis|plus|zzgl|zuzuglich|majoree?|augmentee?|auxquels?|a laquelle|au lieu|instead|"
        r"rather|statt|anstatt|en lugar|anziche|invece|in plaats)\b|\b(?:en|e)\s*$|\+"
    ),
)
_TAX_MARK = re2.compile(r"^\W{0,2}(?:h\.? ?t\b|t\.? ?t\.? ?c\b|hors taxes?|toutes taxes comprises|netto|brutto)")
_AND = re2.compile(r"\b(?:and|et|und|en|y|e)\b")
_BLANK = re2.compile(r"^(?:[\s:.=|*-]|\(\d{1,2}(?:[.,]\d)? ?%\)|\d{1,2}(?:[.,]\d)? ?%)*\(?\s?$")
_ELSE = re2.compile(
    r"; |, (?:et|and|und|mais|but|aber|y|pero|ma) |\b(?:faute de quoi|a defaut|sinon|sans quoi|otherwise|failing which|failing this|andernfalls|anderenfalls|sonst|de lo contrario|"
    r"altrimenti|in caso contrario)\b"
)
_FROM_TO = re2.compile(
    r"^\W*(?:(?:t\.?t\.?c|h\.?t)\W+)?(?:a|to|auf|naar|tot|al?|down to|bis auf|ahora|werden|wird)(?: \w+){0,2}\W*$"
)
_PLUS_TAX = re2.compile(
    r"^\W*(?:(?:h\.?t\.?|netto|net)\W*)?(?:zzgl|zuzuglich|plus|\+|mas|piu).{0,25}(?:mwst|mehrwertsteuer|ust|umsatzsteuer|vat|t\.?v\.?a|iva|btw|steuer)\b\.?(?:[\s:(]|of|von|de|in hohe von|\d{1,2} ?%)*$"
)
_UNIT = re2.compile(  # each one of several
    r"^\W{0,3}(?:(?:h\.?t\.?|t\.?t\.?c\.?|euros?|netto|net|chacune?)\W{0,2} ?)?\(?(?:(?:par|pour chaque|per|pro|je|por|per ogni|pour une|for each|pour chacune?|fur jedes?) "
    r"(?:images?|photos?|photographies?|cliches?|visuels?|ouvre|vue|emplacement|fichier|publication|parution|support|picture|photograph|bild|foto|lichtbild|werk|work|"
    r"infringement|placement|imagen|fotografia|immagine|afbeelding|unite|page|site|seite|domaine|domain|of the)|l'unite|la vue|chacune?|each|apiece|jeweils|cada una?|"
    r"ciascuna?|per stuk|piece|par an|l'an|im jahr|pro jahr|a year|per year|all'anno|al ano|per jaar)\b"
)
_UNIT_BEFORE = re2.compile(
    r"(?:^|\W)(?:je|pro|zu je|a raison de) (?:[a-z]+ (?:werden|wird|sind|ist|kostet|verlangt|gefordert) )?$|(?:^|\W)zu je $|\bpour chacune?[^.;]{0,30}$"
)
_TAXED = re2.compile(r"\b(?:iva|tva|vat|btw|mwst|taxes?) (?:inclu\w*|compri\w*|compresa)\b|\binclu\w* (?:vat|tax)\b")
_NOW = re2.compile(r"^(?:passe|risen|gestiegen)$")  # a sum that has gone up already
_PASSIVE = re2.compile(
    r"^(?:reduced|reduci\w*|reduite?s?|ermasigt\w*|ridott\w*|minore\w*|verminderd|reduziert\w*)$"
)  # for who is quick
_TIMES = re2.compile(r"(\d{1,3}) ?[x×*] ?$")
_WITHIN = re2.compile(  # costs that are a part of the sum before, or not due yet
    r"\b(?:dont|davon|of which|including|includes?|inclu\w*|compri\w*|compren\w*|einbegriffen|enthalten|inbegrepen|dann|alors|would|wurden|seraient|s'ajouter\w*)\b"
)


@dataclass(frozen=True, slots=True)
class Role:
    """What one printed sum is: its kind, how surely, and what else is said of it.

    `surety`: 0 nothing is said, 1 it is demanded, 2 what stands above or beside says it, 3 its own clause does.
    """

    kind: str
    surety: int
    words: str = ""
    gross: bool = False  # said to include tax
    unit: bool = False  # for one image of several
    times: int = 1  # how often it is counted: "4 x 90 €"
    lowered: bool = False  # came down from a higher sum
    discount: bool = False  # for those who pay early
    grand: bool = False  # a total is named beside it
    cost: bool = False  # costs, with or without tax
    closing: bool = False  # with it the matter is closed
    about: bool = False  # an estimate
    within: bool = False  # a part of another sum, not to be added to it

    @property
    def tax(self) -> bool:
        """Whether the sum is a tax."""
        return self.kind == "other" and bool(_TAX_WORD.search(self.words))


_TAX_WORD = re2.compile(r"\b(?:tax|t\.?v\.?a|vat|mwst|ust|mehrwertsteuer|umsatzsteuer|steuer|iva|btw)\b")


def roles_in(text: str, sums: Sequence[Sum], extra: Extra = ()) -> tuple[Role, ...]:
    """The role of each sum of one folded sentence; the places of the sums are those in `text`, left to right."""
    cues = _trimmed(cues_in(text, "money", extra), sums)
    onward = min(
        (cue.end for cue in cues if cue.place == "onward"), default=len(text)
    )  # from there on nothing is asked
    roles: list[Role] = []
    start = low = _choice(text, cues, sums[0].start) if sums else 0
    for number, each in enumerate(sums):
        high = _parting(text, each.end, sums[number + 1].start) if number + 1 < len(sums) else _stop(text, each.end)
        heard = tuple(_heard(text, cues, each, low, high))
        role = _judged(text, each, heard, text[low:high])
        ranged = each.of_range and not any(cue.meaning == "raised" for cue in cues)
        if ranged or each.start >= onward:
            role = Role(
                "fee" if role.cost else "other", 3, "range" if ranged else "onward", cost=role.cost, within=True
            )
        elif role.surety == 0 and roles and (opened := _bracket(text, sums[number - 1], low)) >= 0:
            role = _judged(
                text, each, tuple(_heard(text, cues, replace(each, start=opened), start, opened)), text[start:opened]
            )
        elif role.surety == 0 and roles and roles[-1].kind == "other" and not role.lowered:
            said = [cue for cue in cues if cue.meaning != "other"]
            again = _judged(text, each, tuple(_heard(text, said, each, start, high)), text[start:high])
            role = again if again.kind == "fee" else replace(role, kind="other", words=roles[-1].words)
        roles.append(role)
        start, low = low, high
    return tuple(_moved(text, sums, roles, cues))


def _choice(text: str, cues: Sequence[Cue], end: int) -> int:
    """Where the alternative begins that ends in paying: "either send the licence or pay 350 euros"."""
    for match in reversed(list(_OR.finditer(text[:end]))):
        if any(match.end() <= cue.start and cue.end <= end for cue in cues if cue.meaning == "demand"):
            return int(match.end())
    return 0


def _is_unit(text: str, each: Sum) -> bool:
    """Whether the sum is the price of one of several."""
    return bool(
        _UNIT.search(text[each.end : each.end + 60]) or _UNIT_BEFORE.search(text[max(each.start - 40, 0) : each.start])
    )


def _trimmed(cues: Sequence[Cue], sums: Sequence[Sum]) -> tuple[Cue, ...]:
    """The cues without the words of a sum that they run into, as those of a spelled-out one."""
    starts = [each.start for each in sums]
    trimmed: list[Cue] = []
    for cue in cues:
        into = next((start for start in starts if cue.start < start < cue.end), cue.end)
        trimmed.append(replace(cue, end=into))
    return tuple(trimmed)


def _heard(text: str, cues: Sequence[Cue], each: Sum, low: int, high: int) -> Iterator[tuple[int, Cue]]:
    """(distance, cue) of what may speak for a sum whose words lie between `low` and `high`."""
    for cue in cues:
        before = low <= cue.start and cue.end <= each.start and cue.place != "after"
        after = each.end <= cue.start < high and cue.place in ("after", "beside")
        if not before and not after:
            continue
        between = text[cue.end : each.start] if before else text[each.end : cue.start]
        gap = len(between) + _BEHIND * (after and cue.meaning in _KINDS)
        if cue.place == "touching":
            near = bool(_BLANK.match(between))
            gap -= _TOUCH
        else:
            near = gap <= _REACH.get(cue.meaning, _FAR)
        if near and not (cue.meaning == "fee" and _apart(between, after=after)):
            yield gap, cue


def _apart(between: str, *, after: bool) -> bool:
    """Whether costs are named apart from a sum: behind a conjunction, or beyond a comma some way off."""
    return bool(after and _AND.search(between)) or (len(between) > _NEAR and "," in between)


def _judged(text: str, each: Sum, heard: Sequence[tuple[int, Cue]], around: str) -> Role:
    """The role that the cues heard give to a sum."""
    nearest: dict[str, tuple[int, Cue]] = {}
    for gap, cue in heard:
        if cue.meaning not in nearest or gap < nearest[cue.meaning][0]:
            nearest[cue.meaning] = (gap, cue)
    tax = min(
        (nearest[meaning] for meaning in ("gross", "net") if meaning in nearest), key=lambda pair: pair[0], default=None
    )
    times = _TIMES.search(text[max(each.start - 8, 0) : each.start])
    role = Role(
        "compensation",
        0,
        gross=tax is not None and tax[1].meaning == "gross",
        unit=bool(times) or _is_unit(text, each),
        times=int(times.group(1)) if times else 1,
        lowered="lowered" in nearest and not ("discount" in nearest and _PASSIVE.match(nearest["lowered"][1].words)),
        discount="discount" in nearest,
        grand="total" in nearest,
        closing="closing" in nearest,
        about="about" in nearest,
    )
    kinds = sorted((nearest[kind][0] - _HEARD.get(kind, 0), kind) for kind in _KINDS if kind in nearest)
    kind = kinds[0][1] if kinds else ""
    if kind in _PAIR:
        kind = _head(each, heard) or kind
    if kind == "total" and "licence" in nearest and nearest["licence"][0] < _LICENSED:
        kind = "licence"
    if kind == "fee":
        role = replace(
            role, cost=True, within=bool(_WITHIN.search(_TAXED.sub("", around))), words=nearest["fee"][1].words
        )
    if tax and tax[1].meaning == "net":
        return replace(role, kind="net", surety=3, words=role.words or tax[1].words)
    if kind:
        return replace(role, kind=kind, surety=3, words=nearest[kind][1].words)
    for surety, meaning in ((2, "removal"), (1, "demand"), (1, "gross")):
        if meaning in nearest:
            return replace(role, surety=surety, words=nearest[meaning][1].words)
    return replace(role, kind="other") if role.discount else role


def _head(each: Sum, heard: Sequence[tuple[int, Cue]]) -> str | None:
    """Of a licence and a compensation named in front of a sum, the one named first: "damages on the footing of a licence"."""
    named = sorted(
        (cue.start, cue.meaning)
        for gap, cue in heard
        if cue.meaning in _PAIR and cue.end <= each.start and gap < _PHRASE
    )
    return named[0][1] if len({meaning for _, meaning in named}) > 1 else None


def _moved(text: str, sums: Sequence[Sum], roles: Sequence[Role], cues: Sequence[Cue]) -> list[Role]:
    """The roles, corrected by what a sum is to the next one: its new height, a part of it, or the other choice."""
    turned = list(roles)
    verbs = {meaning: [cue.start for cue in cues if cue.meaning == meaning] for meaning in ("lowered", "raised")}
    for n, (one, two) in enumerate(pairwise(sums)):
        first, second = turned[n], turned[n + 1]
        between = text[one.end : two.start]
        falls = one.value > two.value
        if (
            _FROM_TO.search(between)
            and not second.discount
            and any(start < two.end + 60 for start in verbs["lowered" if falls else "raised"])
        ):
            asked = second if second.kind in ("licence", "total") else replace(second, kind="compensation")
            now = falls or any(_NOW.match(cue.words) for cue in cues if cue.meaning == "raised")
            turned[n] = replace(first, kind="other" if now else "compensation", surety=3, lowered=False)
            turned[n + 1] = replace(asked, surety=3, lowered=True) if now else replace(second, kind="other", surety=3)
        elif _PLUS_TAX.search(between):
            turned[n : n + 2] = (
                replace(first, kind="net", surety=3),
                replace(second, kind="other", surety=3, words="tax"),
            )
        elif first.kind == "net" and first.grand and second.gross and second.kind == "compensation":
            turned[n + 1] = replace(second, kind="total", surety=3, words="total")
        elif second.within and first.kind == "compensation":
            turned[n] = replace(first, kind="total", surety=3, words=second.words)
        elif first.within and first.kind == "net" and second.gross:
            turned[n + 1] = replace(second, kind="total", surety=3, words=first.words)
        elif _OR.search(between) and {first.words, second.words} & _removals(cues):
            turned[n], turned[n + 1] = _either(first, second), _either(second, first)
    return turned


def _removals(cues: Sequence[Cue]) -> set[str]:
    return {cue.words for cue in cues if cue.meaning == "removal"}


def _either(role: Role, other: Role) -> Role:
    """Of two sums to choose from, the one that does not go with taking the image down is the licence."""
    return (
        replace(role, kind="licence", surety=2)
        if role.surety < 2 <= other.surety and role.kind == "compensation"
        else role
    )


def _parting(text: str, end: int, start: int) -> int:
    """Where, between two sums, the words for the first end and those for the second begin."""
    between = text[end:start]
    closed = between.rfind(")")
    if closed >= 0:
        return end + closed + 1
    opened = between.rstrip().endswith("(")  # what stands before a sum in brackets may be its name
    for pattern in (_PARTINGS[0], *((_PARTINGS[2],) if opened else ()), *_PARTINGS[1:]):
        cuts = [match.start() for match in pattern.finditer(between)]
        if cuts:
            return end + int(cuts[-1])
    mark = _TAX_MARK.match(between)
    return end + int(mark.end()) if mark else end


def _bracket(text: str, inside: Sum, closed: int) -> int:
    """Where the bracket opens that closes at `closed` and holds a sum; -1 where there is none."""
    return (
        text.rfind("(", max(inside.start - _REACH["fee"], 0), inside.start) if text[closed - 1 : closed] == ")" else -1
    )


def _stop(text: str, end: int) -> int:
    """Where the words for the last sum of a sentence end."""
    found = _ELSE.search(text, end)
    return int(found.start()) if found else len(text)
