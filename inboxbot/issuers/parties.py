"""Who is who in a letter: a name is that of the claiming party, of the writer or of the reader; surnames get their first names."""

from __future__ import annotations

from collections.abc import Mapping

import re2

from inboxbot.issuers.kinds.text import same_party
from inboxbot.issuers.places import OWN, View, plain
from inboxbot.records import Letter

_OPENING = 3000  # characters of a text in which its greeting stands

_GREETING = re2.compile(
    r"(?m)^\W*(?:dear|hello|hi|good (?:day|morning|afternoon)|chers?|cheres?|madame|monsieur|messieurs|mesdames|bonjour"
    r"|sehr geehrte\w*|liebe\w*|guten tag|hallo|gentile|spett|estimad\w+|hola|geachte|beste)\b.*$"
)
_TITLE = r"m|mr|mrs|ms|mme|mlle|dr|me|maitre|monsieur|madame|mademoiselle|mister|herrn?|frau|senora?|signora?|mevrouw|meneer|de heer"
_TITLED = re2.compile(rf"(?i)(?:{_TITLE})\.?")
_LEADS_TO_A_NAME = rf"(?:(?i:^|[:(\"',-]\s*|\b(?:{_TITLE})\.?\s+)|\b[a-z']+\s+)"  # no other word with a capital
_NO_FIRST_NAME = re2.compile(
    rf"(?i)(?:{_TITLE}|familie|famille|family|angelegenheit|sache|matter|photograph\w*|fotograf\w*|fotograaf|auteure?|author|artiste?|client\w*"
    r"|mandant\w*|pour|par|de|du|by|for|von|fur|per|affaire|aff|dossier|case|fall|objet|foto|photo|image|bild|copyright|studio|agence|agency"
    r"|agentur|cabinet|indivision|succession|consorts|chere?|dear|la|le|les|the|der|die)\.?"
)

_LINE = 200  # characters of the next line that are looked at
_SHOUTED = 4  # words around a name in a line of capitals, where it cannot be told from them
_PROSE = 30  # characters of a line that a narrow page may have broken
_LABELLED = re2.compile(r"^\W*[\w ./'-]{2,40}?(?: ?[:=|]|  | ?\.{3})")
_GOES_ON = re2.compile(r"^[ \t]*\n([ \t]*[A-Z][a-z]+(?:[ ,.;][^\n]*|$))")


def is_spoken_to(name: str, letter: Letter) -> bool:
    """Whether a name is that of the writer or of whom he greets: neither is the party."""
    head = letter.forwarded or letter.head
    people = [*head.recipients, *([head.sender] if head.sender else [])]
    if any(each.name and same_party(name, each.name) for each in people):
        return True
    words = [word for word in plain(name).lower().replace("-", " ").split() if len(word) > 2]
    texts = (letter.body, *(paper.text for paper in letter.attachments))
    greetings = (_GREETING.search(plain(text[:_OPENING]).lower()) for text in texts)
    return bool(words) and any(each and all(word in each.group() for word in words) for each in greetings)


def is_spoken_of(name: str, views: Mapping[str, tuple[View, ...]]) -> bool:
    """Whether the letter comes back to a person whom it has named: who claims does, whom a caption names does not."""
    surname = plain(name.rsplit(maxsplit=1)[-1]).lower()
    return sum(view.plain.lower().count(surname) for place in OWN for view in views[place]) > 1


def is_torn(view: View, start: int, end: int) -> bool:
    """Whether a name was torn from a longer one: it ends within a word, or its line shouts, or goes on below."""
    text = view.plain
    if any(text[max(edge - 1, 0) : edge].isalnum() and text[edge : edge + 1].isalnum() for edge in (start, end)):
        return True
    left, right = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[left : right if right >= 0 else len(text)]
    if not any(c.islower() for c in line) and len(line.split()) > len(text[start:end].split()) + _SHOUTED:
        return True
    below = _GOES_ON.match(text[end : end + _LINE])
    return bool(below and end - left > _PROSE and not _LABELLED.match(line) and not _LABELLED.match(below.group(1)))


def in_full(name: str, views: Mapping[str, tuple[View, ...]]) -> str:
    """A surname with the first name that stands before it elsewhere in the letter, if any does."""
    *first, surname = name.split()
    if first and not _TITLED.fullmatch(plain(" ".join(first))):
        return name
    written = re2.compile(rf"(?m){_LEADS_TO_A_NAME}([A-Z][a-z'-]+\s+(?i:{re2.escape(plain(surname))}))\b")
    for view in (each for place in OWN for each in views[place]):
        for match in written.finditer(view.plain):
            if not _NO_FIRST_NAME.fullmatch(match.group(1).split()[0]):
                return " ".join(view.text[match.start(1) : match.end(1)].split())
    return name
