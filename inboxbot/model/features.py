"""A letter as the judge sees it, for one room that it names: masked words, and signs that a person can read.

The question is the same for every room: is this a letter of the issuer that it names, or does it only speak of it? So
the room's name is one word, `xroom`, and where it stands is evidence: in the sender, the signature, the subject, a sentence
that asks for money, a mere comparison. What one room teaches serves the others and a new one. The same function serves
training and service. Headers count as far as they say who writes to whom; nothing that a server added does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import re2

from inboxbot.model.cues import heard, spoken
from inboxbot.model.masks import masked, people_of
from inboxbot.model.names import Names, written
from inboxbot.records import Address, Letter

LONGEST = 20_000  # characters; what a letter is, it says well before that
HISTORY = 3_000  # of quoted text: enough to tell whose letter is answered
STEM = 8  # letters of a word that count: inflection teaches nothing
ROOM, RIVAL = "xroom", "xrival"

_WORD = re.compile(r"[a-z][a-z0-9]*")  # not re2: one character class is linear anyhow, and this is asked for every word
_SENTENCE_END = re2.compile(r"[.!?;:]\s|\n\s*\n|\n\s*[-•*·–]|\|")
_APART = str.maketrans({"'": " ", "’": " ", "-": " ", "_": " ", "ß": "ss", "œ": "oe", "æ": "ae", "ø": "o"})
_REPLY = re2.compile(r"(?i)^\s*(?:re|aw|antw|sv|rif|r)\s?(?:\[\d+\])?\s?:")
_LAW = re2.compile(
    r"avocat|barreau|\bme\b|maitre|kanzlei|rechtsanw|anwalt|solicitor|attorney|\blaw|legal|juri|abogad|avvocat|advoca|\besq\b|\bllp\b|\bcabinet"
)
_PRIVATE = re2.compile(
    r"@(?:gmail|gmx|outlook|hotmail|yahoo|orange|wanadoo|free|laposte|proton|web\.de|aol|live|icloud|sfr|bluewin)|@example\."
)
_FIRM_SIZES = (20, 50, 100, 200, 400)  # words


@dataclass(frozen=True, slots=True)
class Sight:
    """What the estimator is told of a letter and one room: plain values, nothing personal in them."""

    words: str
    signs: tuple[str, ...]


def sights(letter: Letter, names: Names) -> dict[str, Sight]:
    """The letter seen for each room that it names; empty where it names none, and then it is of none."""
    rooms = names.of(letter)
    if not rooms:
        return {}
    people = people_of(letter)
    own = masked(names.lettered(_own_words(letter)), people)
    subject = masked(names.lettered(letter.subject), people)
    history = masked("\n\n".join(quoted.text for quoted in letter.quoted)[:HISTORY], people)
    return {room: _sight(letter, names, room, own, subject, history) for room in rooms}


def words(text: str) -> list[str]:
    """The stems of the words and each two that stand together: the analyzer of the vectoriser and of the folded scorer alike."""
    stems = [word[:STEM] for word in _WORD.findall(text)]
    return [*stems, *map(" ".join, pairwise(stems))]


def fold(text: str) -> str:
    """Small letters without accents; apostrophes and hyphens as spaces."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_APART))
    return "".join(c for c in plain if not unicodedata.combining(c))


# --- one room's sight -------------------------------------------------------------------------------------------------


def _sight(letter: Letter, names: Names, room: str, own: str, subject: str, history: str) -> Sight:
    own, subject, history = (fold(names.told_apart(text, room)) for text in (own, subject, history))
    sentences = _sentences(own)
    signs = {
        *_who(letter, names, room),
        *_where(letter, names, room),
        *_what(sentences),
        *(f"subject: {cue}" for cue in heard(_flat(subject))),
        *_shape(letter, own),
        *(f"read: {sign}" for sign in names.signs(letter, room)),
    }
    if history:
        signs.update(f"history: {cue}" for cues in spoken(_sentences(history)) for cue in cues)
    return Sight(_flat(own)[:LONGEST], tuple(sorted(signs)))


def _own_words(letter: Letter) -> str:
    """Subject, body and what was read from attachments, capped."""
    return "\n\n".join(text for _, text in letter.pieces())[: 2 * LONGEST]


def _sentences(text: str) -> list[str]:
    return [flat for piece in _SENTENCE_END.split(text) if (flat := _flat(piece))]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _who(letter: Letter, names: Names, room: str) -> Iterator[str]:
    """Who writes to whom, as far as the mail says so itself: a hint, never a proof."""
    inner = letter.forwarded.sender if letter.forwarded else None
    outer = " ".join(written(sender) for sender in letter.senders)
    writer = written(inner) if inner else outer
    folded = fold(writer)
    if names.in_text(room, writer):
        yield "from: the room"
        yield from (f"from: the room's desk {word}" for word in _desk(inner or letter.head.sender))
    elif any(names.in_text(other, writer) for other in names.rooms if other != room):
        yield "from: another room"
    elif _LAW.search(folded):
        yield "from: a lawyer"
    elif _PRIVATE.search(folded):
        yield "from: a private mailbox"
    else:
        yield "from: anybody"
    if "a rival" in heard(_flat(folded)) and not names.in_text(room, writer):
        yield "from: a rival"
    if inner is not None:
        yield "forwarded with its sender"
    to = [written(each) for each in letter.head.recipients]
    if to and names.in_text(room, to[0]):
        yield "to: the room"
        if not names.in_text(room, outer):
            yield "to: the room, by somebody else"
    if names.in_text(room, "\n".join(to[1:])):
        yield "copied: the room"
    if to and _LAW.search(fold(to[0])):
        yield "to: a lawyer"
        if not _LAW.search(folded):
            yield "to: a lawyer, by somebody else"
    lines = [fold(line) for line in letter.body.splitlines() if line.strip()]
    if _LAW.search(" ".join(lines[-4:])):
        yield "signed: a lawyer"
    if _LAW.search(" ".join(lines[:3])):
        yield "letterhead: a lawyer"
    if {sender.domain for sender in letter.senders} & {each.domain for each in letter.head.recipients}:
        yield "within one house"
    if letter.quoted and letter.quoted[0].sender is not None:
        before = letter.quoted[0].sender
        yield "answers: itself" if before.domain in {s.domain for s in letter.senders} else "answers: somebody else"
        if names.in_text(room, written(before)):
            yield "answers: the room"
    if letter.bulk:
        yield "sent to many"
    if letter.automatic:
        yield "sent by a machine"


def _desk(sender: Address | None) -> set[str]:
    """The words of an address before its @: a claims desk writes to users, a members' desk does not."""
    return set(_WORD.findall(fold(sender.addr.partition("@")[0]))) if sender else set()


def _where(letter: Letter, names: Names, room: str) -> Iterator[str]:
    """Where the room is named."""
    lines = [line for line in letter.body.splitlines() if line.strip()]
    alone = [n for n, line in enumerate(lines) if len(line.split()) <= 6 and names.in_text(room, line)]
    count = names.count(room, letter.body)
    own = "\n".join(text for _, text in letter.pieces())
    if names.in_text(room, letter.subject):
        yield "named in the subject"
    if names.in_text(room, letter.body[:150]):
        yield "named at the beginning"
    if lines and names.in_text(room, "\n".join(lines[-3:])):
        yield "named at the end"
    if alone and alone[0] <= 2:
        yield "named as a letterhead"
    if alone and alone[-1] >= len(lines) - 3:
        yield "named as a signature"
    first = names.first(room, letter.body)
    if first is not None:
        yield f"named first: {'early' if first < 0.2 else 'midway' if first < 0.7 else 'late'}"
    yield f"named in the body: {'often' if count > 4 else 'again' if count > 1 else 'once' if count else 'never'}"
    if any(names.in_text(room, link.href) for link in letter.links):
        yield "named in a link"
    if any(names.in_text(room, attached.text) for attached in letter.attachments):
        yield "named in an attachment"
    if not names.in_text(room, own):
        yield "not named in its own words"
    if any(names.in_text(room, quoted.text) for quoted in letter.quoted):
        yield "named in its history"
    if names.in_text(room, letter.covering_note):
        yield "named in a covering note"
    if any(names.in_text(other, own) for other in names.rooms if other != room):
        yield "names another room too"


def _what(sentences: Sequence[str]) -> Iterator[str]:
    """What is said, how often, beside the room's name, and together in one sentence."""
    cues = spoken(sentences)
    for cue in sorted(frozenset().union(*cues)):
        times = sum(cue in each for each in cues)
        yield f"says: {cue}"
        if times >= 3:
            yield f"says often: {cue}"
    for sentence, each in zip(sentences, cues, strict=True):
        if ROOM in sentence:
            yield from (f"beside the name: {cue}" for cue in each)
            if not each:
                yield "the name alone"
        for together in _TOGETHER:
            if each.issuperset(together):
                yield f"in one sentence: {' + '.join(together)}"
    for voice in ("i", "we", "you", "they"):
        share = sum(voice in each for each in cues) / max(4, len(cues))
        yield from (f"voice {voice}: {least:.0%}" for least in (0.1, 0.3, 0.5) if share >= least)


_TOGETHER = (
    ("you", "image", "without right"),
    ("you", "use", "image"),
    ("your site", "image"),
    ("you", "pay", "sum"),
    ("pay", "sum"),
    ("pay", "deadline"),
    ("you", "proof of licence"),
    ("client", "acting for"),
    ("client", "image"),
    ("your line", "sharing"),
    ("you", "threat"),
    ("deadline", "threat"),
)


def _shape(letter: Letter, own: str) -> Iterator[str]:
    """Size and kind of the mail, and how many masks of each sort it holds."""
    length = len(own.split())
    yield f"length: {sum(length > size for size in _FIRM_SIZES)}"
    for mask in ("xsum", "xdate", "xcode", "xnumber", "xiban", "xip", "xurl", "xmail", "xhour"):
        count = own.count(mask)
        if count:
            yield f"has {mask[1:]}"
        if count > 2:
            yield f"has several: {mask[1:]}"
    if letter.attachments:
        yield "with attachments"
    if any(attached.text for attached in letter.attachments):
        yield "with attached text"
    if letter.quoted:
        yield "with history"
    if letter.forwarded:
        yield "forwarded"
    if letter.covering_note:
        yield "with a covering note"
    if _REPLY.match(letter.head.subject) or letter.head.in_reply_to:
        yield "a reply"
    if len(letter.head.recipients) > 1:
        yield "to several"
