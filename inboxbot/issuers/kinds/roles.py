"""What the words around a sum make of it: the nearest cue speaks, corrections are heard from further away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import re2

from inboxbot.issuers.kinds.sums import Sum
from inboxbot.issuers.kinds.vocabulary import Cue

_KINDS = ("compensation", "licence", "fee", "total", "other")
_REACH = {"net": 14, "gross": 14, "other": 45, "fee": 110}  # characters beyond which a cue says nothing about a sum
_FAR = 140
_NEAR = 60  # characters beyond which a comma keeps costs apart from a sum
_BEHIND = 8  # how much nearer a cue must stand behind the sum than one in front of it
_TOUCH = 60  # how much nearer a cue counts that touches its sum
_HEARD = {"other": 15, "total": 40}  # how much further these may stand than the rest: they correct what is said nearer
_PAIR = ("compensation", "licence")
_PHRASE = 180  # characters that a noun and what belongs to it may take
_LICENSED = 80  # a total for which a licence is named this near is the licence's

_BLANK = re2.compile(r"^(?:[\s:.=|*-]|\(\d{1,2}(?:[.,]\d)? ?%\)|\d{1,2}(?:[.,]\d)? ?%)*\(?\s?$")
_AND = re2.compile(r"\b(?:and|et|und|en|y|e)\b")
_UNIT = re2.compile(  # each one of several
    r"^\W{0,3}(?:(?:h\.?t\.?|t\.?t\.?c\.?|euros?|netto|net|chacune?)\W{0,2} ?)?\(?(?:(?:par|pour chaque|per|pro|je|por|per ogni|"
    r"pour une|for each|pour chacune?|fur jedes?) (?:images?|photos?|photographies?|cliches?|visuels?|ouvre|vue|emplacement|fichier|"
    r"publication|parution|support|picture|photograph|bild|foto|lichtbild|werk|work|infringement|placement|imagen|fotografia|"
    r"immagine|afbeelding|unite|page|site|seite|domaine|domain|of the)|l'unite|la vue|chacune?(?:$|\W*[,.;:()=]| (?:soit|pour|en|ht|ttc|et|ou|sous|avant|dans|par)\b)|each|apiece|jeweils|cada una?|"
    r"ciascuna?|per stuk|piece|par an|l'an|im jahr|pro jahr|a year|per year|all'anno|al ano|per jaar)\b"
)
_UNIT_BEFORE = re2.compile(
    r"(?:^|\W)(?:je|pro|zu je|a raison de) (?:[a-z]+ (?:werden|wird|sind|ist|kostet|verlangt|gefordert) )?$|"
    r"\bpour chacune?[^.;]{0,30}$"
)
_TIMES = re2.compile(r"(\d{1,3}) ?[x×*] ?$")
_FOR_THE_QUICK = re2.compile(
    r"^(?:reduced|reduci\w*|reduite?s?|ermasigt\w*|ridott\w*|minore\w*|verminderd|reduziert\w*)$"
)
_WITHIN = re2.compile(  # costs that are a part of the sum before, or not due yet
    r"\b(?:dont|davon|of which|including|includes?|inclu\w*|compri\w*|compren\w*|einbegriffen|enthalten|inbegrepen|dann|alors|"
    r"would|wurden|seraient|s'ajouter\w*)\b"
)
_WITH_TAX = re2.compile(r"\b(?:iva|tva|vat|btw|mwst|taxes?) (?:inclu\w*|compri\w*|compresa)\b|\binclu\w* (?:vat|tax)\b")
_TAX = re2.compile(r"\b(?:tax|t\.?v\.?a|vat|mwst|ust|mehrwertsteuer|umsatzsteuer|steuer|iva|btw)\b")


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
    closing: bool = False  # with it the matter is closed
    about: bool = False  # an estimate
    cost: bool = False  # costs, with or without tax
    within: bool = False  # a part of another sum, or not due yet: not to be added

    @property
    def tax(self) -> bool:
        """Whether the sum is a tax."""
        return self.kind == "other" and bool(_TAX.search(self.words))


def judge(text: str, cues: Sequence[Cue], each: Sum, low: int, high: int) -> Role:
    """The role that the cues between `low` and `high` give to a sum of a folded sentence."""
    nearest: dict[str, tuple[int, Cue]] = {}
    heard = tuple(_heard(text, cues, each, low, high))
    for gap, cue in heard:
        if cue.meaning not in nearest or gap < nearest[cue.meaning][0]:
            nearest[cue.meaning] = (gap, cue)
    role = _marked(text, each, nearest)
    kind = _kind(text, each, heard, nearest)
    if kind == "fee":
        within = bool(_WITHIN.search(_WITH_TAX.sub("", text[low:high])))
        role = replace(role, cost=True, within=within, words=nearest["fee"][1].words)
    if "net" in nearest and not role.gross:
        return replace(role, kind="net", surety=3, words=role.words or nearest["net"][1].words)
    if kind:
        return replace(role, kind=kind, surety=3, words=nearest[kind][1].words)
    for surety, meaning in ((2, "removal"), (1, "demand"), (1, "gross")):
        if meaning in nearest:
            return replace(role, surety=surety, words=nearest[meaning][1].words)
    return replace(role, kind="other") if role.discount else role


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


def _marked(text: str, each: Sum, nearest: dict[str, tuple[int, Cue]]) -> Role:
    """A compensation of which nothing is sure yet but how it is marked."""
    far = (_FAR, None)
    times = _TIMES.search(text[max(each.start - 8, 0) : each.start])
    alone = _UNIT.search(text[each.end : each.end + 60]) or _UNIT_BEFORE.search(
        text[max(each.start - 40, 0) : each.start]
    )
    quick = "discount" in nearest and "lowered" in nearest and _FOR_THE_QUICK.match(nearest["lowered"][1].words)
    return Role(
        "compensation",
        0,
        gross="gross" in nearest and nearest["gross"][0] <= nearest.get("net", far)[0],
        unit=bool(times or alone),
        times=int(times.group(1)) if times else 1,
        lowered="lowered" in nearest and not quick,
        discount="discount" in nearest,
        grand="total" in nearest,
        closing="closing" in nearest,
        about="about" in nearest,
    )


def _kind(text: str, each: Sum, heard: Sequence[tuple[int, Cue]], nearest: dict[str, tuple[int, Cue]]) -> str:
    """The kind that is said, or nothing."""
    kinds = sorted((nearest[kind][0] - _HEARD.get(kind, 0), kind) for kind in _KINDS if kind in nearest)
    kind = kinds[0][1] if kinds else ""
    if kind == "total" and "licence" in nearest and nearest["licence"][0] < _LICENSED:
        return "licence"
    if kind not in _PAIR:
        return kind
    # Of a licence and a compensation named in front of it in one breath the one named first is the noun: "damages on the
    # footing of a licence".
    named = sorted(
        (cue.start, cue.end, cue.meaning)
        for gap, cue in heard
        if cue.meaning in _PAIR and cue.end <= each.start and gap < _PHRASE
    )
    if len({meaning for *_, meaning in named}) < 2 or "," in text[named[0][1] : named[-1][0]]:
        return kind
    return named[0][2]
