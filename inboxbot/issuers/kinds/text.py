"""Names and short texts: a party, a provider, a program, as printed but for what surrounds them."""

from __future__ import annotations

import re2

_LONGEST = 80
_EDGES = " \t\n.,;:*_|/\\\"'«»“”„‚’‘()[]<>-–—"
_TITLE = re2.compile(
    r"(?i)^(?:(?:m|mr|mrs|ms|mme|mlle|mm|dr|sr|sra|d|da|sig|sigra|dhr|mevr)\.?\s+(?:l[ae]\s+)?|(?:monsieur|madame|mademoiselle|mister|herrn?|frau|señora?|signora?"
    r"|de heer|mevrouw|don|doña|the late)\s+)"
)
_LEADING = re2.compile(
    r"(?i)^(?:l['’]\s?(?:agence|auteure?|artiste|association|entreprise|illustrateur|illustratrice)(?:\s+(?:de presse|photo(?:graphique)?|d['’]images?|photographe))*|"
    r"la\s+(?:société|photographe|maison|marque)|le\s+(?:photographe|studio|collectif|groupe)|the\s+(?:photographer|(?:photo |picture |image |press )*agency|company|artist|estate of)|"
    r"d(?:ie|er|en|em|as|es)\s+(?:(?:bild|foto|presse|nachrichten)?agentur|fotograf(?:en|in)?|firma|künstlers?|künstlerin|verlag)|"
    r"l['’]\s?agenzia(?:\s+fotografica)?|il\s+fotografo|la\s+fotografa|l[ao]s?\s+agencia(?:\s+fotográfica)?|el\s+fotógrafo|la\s+fotógrafa|het\s+(?:foto)?(?:bureau|agentschap)|de\s+(?:fotograaf|fotografe)|"
    r"photographe|photographer|fotograf(?:in|en)?|fotograaf|fotografo|fotógrafo|fotografa|fotógrafa|our (?:client|customer|member)|notre (?:cliente?|membre)|"
    r"(?:le |la |der |die )?(?:conseil|avocate?|anw[aä]lt(?:in)?|counsel)\s+(?:de|d['’]|du|von|of|for)|pour|entre|zwischen|between)\s+"
)
_TRAILING = re2.compile(
    r"(?i)\s*(?:,|\(|\s[-–—]\s)\s*(?:photographe|photographer|fotograf|auteur|author|artiste|artist|agence|agency|née|domicili|demeurant|ci-après|hereinafter|im folgenden|nachfolgend|représenté|represented|vertreten|membre|member|mitglied|résid|établi|dont |qui |who |which |whose |der |die |das |affilié|fotógraf|fotograaf|fotografo|basé|based|spécialisé|titulaire|adhérent).*$"
)
# "Mr Fjeldstad's photograph", the column after a name, what a heading says behind a dash.
_OWNER = re2.compile(r"['’]s\s*$|\s\d{3,}\s*$|\s[-–—]\s+[a-z].*$")
_EMPTY = frozenset(
    "the a an le la les un une der die das ein eine el il lo de het our your notre votre nos vos unser ihr unknown inconnu unbekannt n/a na photographe photographer fotograf"
    " client cliente customer member membre mandant kunde mitglied agency agence agentur auteur author urheber image photo".split()
)


def read_text(span: str) -> str | None:
    """The text on one line, without quotes, titles before a full name and what explains it; None where nothing is left."""
    value = _trimmed(_OWNER.sub("", span))
    for _ in range(3):
        value = _trimmed(_LEADING.sub("", _trimmed(_TRAILING.sub("", value))))
    bare = _trimmed(_TITLE.sub("", value))
    if len(bare.split()) > 1:  # a surname alone keeps its title
        value = bare
    if not value or len(value) > _LONGEST or value.lower() in _EMPTY or not any(c.isalpha() for c in value):
        return None
    return value


def same_party(one: str, other: str) -> bool:
    """Whether two printed names may be one party: the words of one are among those of the other."""
    first, second = _words(one), _words(other)
    return bool(first and second) and (first <= second or second <= first)


def _words(name: str) -> frozenset[str]:
    bare = _TITLE.sub("", name).casefold().replace("-", " ").replace("’", "'")
    return frozenset(word.strip(_EDGES) for word in bare.split()) - {""}


def _trimmed(text: str) -> str:
    text = " ".join(text.split())
    ends_in_initials = text.endswith(".") and len(text) > 2 and text[-2].isupper() and not text[-3].isalpha()
    closed = text.endswith(")") and "(" in text[1:]
    stripped = text.strip(_EDGES)
    return stripped + ("." if ends_in_initials else ")" if closed and not stripped.endswith(")") else "")
