"""The sums of one text, each judged in its sentence, under the head of its column, by its label or by what stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import re2

from inboxbot.issuers.kinds.arithmetic import Asked, added_up
from inboxbot.issuers.kinds.clauses import roles_in
from inboxbot.issuers.kinds.roles import Role
from inboxbot.issuers.kinds.sentences import Piece
from inboxbot.issuers.kinds.sums import Sum, find_printed
from inboxbot.issuers.kinds.tables import Rows, heads, label, sums_in_tables
from inboxbot.issuers.kinds.vocabulary import Extra, cues_in

_HEADING = 70  # characters of a line that heads what follows
_ABOVE = 260  # characters above a sum in which its heading may stand
_LIST = 12  # rows of a list
_OFFERS = re2.compile(
    r"\b(?:offer\w*|offr\w+|buy|purchas\w+|acquir\w+|costs?|sell\w*|propos\w+|achet\w+|acqu\w+|vend\w*|cede\w*|coute\w*|erwerb\w*|"
    r"kauf\w*|konnen|you (?:can|may)|vous pouvez|anbiet\w*|bieten|compr\w+|koop\w*|aanbied\w*)\b"
)


def read_sums(piece: Piece, language: str | None, extra: Extra = (), *, prose: bool = False) -> list[Asked]:
    """The sums of one piece in order with their roles; with `prose` also whole sentences above a sum count, not only headings."""
    rows: dict[int, list[Sum]] = {}
    for each in find_printed(piece, language, sums_in_tables(piece)):
        rows.setdefault(piece.sentence_at(each.start), []).append(each)
    found: list[Asked] = []
    for index, sums in rows.items():
        quote = piece.quote(piece.sentences[index])
        for each, role in zip(sums, _roles(piece, index, rows, extra), strict=True):
            meant = role if role.surety > 1 else _with_heading(role, piece, index, rows, extra, prose=prose)
            found.append(Asked(each, meant, quote, piece.source))
    return added_up(piece, found)


def _roles(piece: Piece, index: int, rows: Rows, extra: Extra) -> Sequence[Role]:
    """The roles of the sums of one sentence or row."""
    sentence, sums = piece.sentences[index], rows[index]
    if _is_claim(piece, index, rows):
        return [Role("other", 3, "a list of what will be claimed") for _ in sums]
    columns = heads(piece, index, rows)
    if len(sums) > 1 and columns:
        cells = [sentence.text[each.start - sentence.start : each.end - sentence.start] for each in sums]
        return [
            roles_in(head + cell, [replace(each, start=len(head), end=len(head) + len(cell))], extra)[0]
            for head, cell, each in zip(columns, cells, sums, strict=True)
        ]
    above = "".join(columns) or label(piece, index, rows)
    shift = len(above) - sentence.start
    placed = [replace(each, start=each.start + shift, end=min(each.end, sentence.end) + shift) for each in sums]
    return roles_in(above + sentence.text, placed, extra)


def _is_claim(piece: Piece, index: int, rows: Rows) -> bool:
    """Whether the row stands in a list of what is going to be claimed in court."""
    block, head = piece.sentences[index].block, index - 1
    while head in rows and index - head < _LIST and piece.sentences[head].block == block:
        head -= 1
    if head < 0 or block - piece.sentences[head].block > 1 or not piece.sentences[head].text.rstrip().endswith(":"):
        return False
    return any(cue.place == "onward" for cue in cues_in(piece.sentences[head].text, "money"))


def _with_heading(role: Role, piece: Piece, index: int, rows: Rows, extra: Extra, *, prose: bool) -> Role:
    """The role as the lines above say it, up to the one before that has sums of its own."""
    left = _ABOVE
    for above in range(index - 1, -1, -1):
        sentence = piece.sentences[above]
        text = sentence.text.strip()
        left -= len(text)
        if above in rows or left < 0 or piece.sentences[index].block - sentence.block > 1:
            break
        heading = text.endswith(":") or (len(text) <= _HEADING and text[-1:] not in ".?!")
        if not heading and not (prose and _OFFERS.search(text)):
            continue
        said = {cue.meaning: cue.words for cue in cues_in(sentence.text, "money", extra)}
        kind = next((kind for kind in ("licence", "compensation") if kind in said), None)
        if kind:
            return replace(role, kind=kind, surety=max(role.surety, 1), words=said[kind])
    return role
