"""docs/replies.md: replies as they are filed, and what stands behind each sentence of them.

`python -m tests.issuers.printed` writes the page anew; a test keeps it true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import re2

from inboxbot.issuers.reply import write_reply
from inboxbot.records import Address, Amount, Brief, Facts, Head, Identity, Letter, Reply, Standing, Trust
from tests.issuers.letters import COMPANY, PERSON, rooms

PAGE = Path(__file__).parents[2] / "docs" / "replies.md"

CLAIM = Facts(
    case_number="K7Q2XB",
    amount=Decimal("350.00"),
    currency="EUR",
    amounts=(Amount(Decimal("350.00"), "EUR", "compensation"), Amount(Decimal("389.59"), "EUR", "licence")),
    page_urls=("https://www.client.example/blog/lavande",),
    rights_holder="Linden Picture Agency",
)
FIRM = replace(CLAIM, case_number="24.0417 MB", rights_holder="Solène Guyomard", amounts=(), amount=Decimal(840))
LINE = Facts(
    case_number="640 55 913 2 028 7",
    facts_at=datetime(2025, 2, 11, 21, 47),  # noqa: DTZ001 - local and naive, as printed
    ip_address="198.51.100.24",
    isp="SFR",
    first_warning_on=date(2024, 11, 4),
)
COPYTRACK = Address("Copytrack", "case@copytrack.com")
AVOCAT = Address("Cabinet Roquelaure, avocats", "mb@roquelaure.example")
KANZLEI = Address("Kanzlei Vossbeck", "vt@vossbeck.example")
ARCOM = Address("SFR", "abuse@sfr.fr")


@dataclass(frozen=True, slots=True)
class Printed:
    """One reply of the page."""

    title: str
    room: str
    stage: str
    scenario: str
    language: str
    facts: Facts
    identity: Identity = COMPANY
    sender: Address = COPYTRACK

    def reply(self) -> Reply:
        head = Head(
            "0" * 64, "<k7@copytrack.com>", (), (), datetime(2025, 3, 3, 9, tzinfo=UTC), self.sender, (), "Your letter"
        )
        letter = Letter(head, "", "body", language=self.language)
        brief = Brief(identity=self.identity, scenario=self.scenario, language=self.language, quote=False)
        return write_reply(letter, rooms()[self.room], self.facts, self.stage, Trust(Standing.UNVERIFIED, ()), brief)


REPLIES = (
    Printed("A first notice of Copytrack, a private person, in French", "copytrack", "notice", "evidence", "fr", CLAIM, PERSON),
    Printed("The same in English, the image taken down since", "copytrack", "notice", "evidence+removed", "en", CLAIM),
    Printed("A reminder, in German", "copytrack", "reminder", "evidence", "de", CLAIM),
    Printed("A first letter of a law firm for Pixtrakk, in French", "pixtrakk", "notice", "evidence", "fr", FIRM, sender=AVOCAT),
    Printed("Handed over to a law firm, in French", "copytrack", "lawyer", "lawyer", "fr", CLAIM, PERSON, AVOCAT),
    Printed("Handed over to a law firm, in German", "copytrack", "lawyer", "lawyer", "de", CLAIM, COMPANY, KANZLEI),
    Printed("There is a licence, in English", "copytrack", "notice", "licence", "en", CLAIM),
    Printed("The image came from a supplier, in French", "copytrack", "notice", "supplier", "fr", CLAIM),
    Printed("Somebody else's content on a service that one hosts, in German", "copytrack", "notice", "not-ours+hosting", "de", CLAIM),
    Printed("A reserved counter-offer for a site without revenue, in French", "copytrack", "final", "settle+non-commercial", "fr", CLAIM, replace(COMPANY, name="Amicale du Port", kind="association", siren=None)),
    Printed("A second recommendation of the Arcom, a company's line", "hadopi", "recommendation_2", "observations", "fr", LINE, COMPANY, ARCOM),
    Printed("A second recommendation, a private person's line, in German", "hadopi", "recommendation_2", "observations", "de", LINE, PERSON, ARCOM),
    Printed("A notification of the Arcom (third stage), a private person", "hadopi", "notification_3", "notification", "fr", LINE, PERSON, ARCOM),
)  # fmt: skip

# What stands behind a sentence, and how the sentences begin that rest on it.
BASIS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Receipt is confirmed and nothing more: what is claimed stays “alleged”, so that no use is acknowledged (an acknowledgement, even of a part, restarts limitation: C. civ. art. 2240; § 212 Abs. 1 Nr. 1 BGB). “Letter” is right for mail and post alike.",
        ("Votre courrier du", "We have received your letter", "Ihr Schreiben vom", "La présente est une réponse d'attente", "Dies ist eine vorläufige Antwort", "Nous avons reçu votre", "Ihre zweite Empfehlung", "Darin werden Vorgänge"),
    ),
    (
        "Who claims an obligation proves it: C. civ. art. 1353 (France); the claimant's burden in German, English and American law alike.",
        ("L'article 1353", "It is for the party", "Wer einen Anspruch", "Avant toute discussion", "Before any discussion", "Vor jeder weiteren", "Merci de communiquer, avec copie", "Bitte übersenden Sie mit Kopien", "Merci d'accorder le temps"),
    ),
    (
        "A reminder is answered by the request that is still open, without any new fact; the date of that request is the user's to fill in.",
        ("Ihre Erinnerung vom", "Die mit Nachricht vom"),
    ),
    (
        "A collector acts on a mandate and may be asked for it in writing; a lawyer need not show one and is asked for the client's title instead (CPC art. 416; professional rules).",
        ("1. le mandat écrit", "1. the written mandate", "1. die schriftliche Vollmacht", "1. l'identité complète de votre mandant", "1. die genaue Bezeichnung Ihrer Mandantschaft", "4. Ihre Vollmacht"),
    ),
    (
        "The author is presumed to be the person under whose name the work was disclosed, so the disclosure is asked for: CPI art. L. 113-1; § 10 UrhG; CDPA s. 104.",
        ("2. l'identité de l'auteur", "2. the author of each image", "2. den Namen der Person"),
    ),
    (
        "A chain of title is shown by written assignments naming rights, extent, purpose, place and duration: CPI art. L. 131-3 (asked for, never pleaded as nullity: only the author may); § 31 Abs. 5 UrhG; CDPA s. 90(3).",
        ("3. si votre mandant n'est pas l'auteur", "3. if your client is not the author", "3. soweit Rechte abgeleitet"),
    ),
    (
        "French law protects a photograph that is original, and the claimant says image by image what makes it so: CPI art. L. 111-1, L. 112-1, L. 112-2, 9°. German law protects plain photographs too (§ 72 UrhG), so only the basis is asked for there.",
        ("4. image par image", "2. image par image", "4. for each image", "4. die Angabe, ob Schutz"),
    ),
    (
        "Use, place and period are for the claimant to prove, by anything dated and complete (screenshots are accepted by courts; no bailiff's report is asked for). The day on which the claimant first knew starts limitation: C. civ. art. 2224; §§ 195, 199 BGB.",
        ("5. une capture", "5. a dated and complete", "5. eine datierte", "3. les preuves datées", "2. datierte Nachweise", "2. eine datierte, vollständige", "1. die genaue und vollständige Adresse", "3. aus welchen Umständen", "7. le fichier d'origine", "7. the original file", "7. die Originaldatei"),
    ),
    (
        "Damages are computed by stated heads, or as a lump sum above the fee that would have been due: CPI art. L. 331-1-3 (no cap at the price of a licence is claimed); § 97 Abs. 2 UrhG.",
        ("6. le détail, poste par poste", "6. an itemised", "6. die nachvollziehbare", "4. le détail du calcul", "3. die nachvollziehbare"),
    ),
    (
        "Copytrack counts a case for each hit and domain; the answer should close them all.",
        ("8. la confirmation", "8. confirmation", "8. die Bestätigung", "Please confirm in writing that case"),
    ),
    (
        "A German warning letter must hold what § 97a Abs. 2 UrhG asks for; a pre-drafted undertaking is never signed as sent.",
        ("4. soweit Ihr Schreiben", "Eine Unterlassungserklärung"),
    ),
    (
        "Time to examine, and one address in writing; an official reply without promise of anything.",
        ("Ces éléments permettront", "These documents will allow", "Diese Unterlagen ermöglichen", "Dans cette attente", "Until then", "Bis dahin", "Merci de surseoir", "Bitte sehen Sie bis"),
    ),
    (
        "A licence answers the claim and needs no history: number, supplier, date, scope, a copy, a request to close. What is asked beside it is title only.",
        ("The image that you refer to is covered", "- supplier", "- licence or order", "- date", "- scope", "A copy is attached", "Should your client consider"),
    ),
    (
        "A supplier's delivery is a fact that prepares recourse; it is never said to free the publisher, who stays liable to the claimant.",
        ("L'image que vous désignez a été livrée", "Ce fournisseur est interrogé"),
    ),
    (
        "A host acts on a notice that is precise: art. 6 of Regulation (EU) 2022/2065 (DSA); in France also art. 6 of loi n° 2004-575 (LCEN). No third person is named.",
        ("Der bezeichnete Inhalt wurde", "Damit Ihre Meldung", "Andernfalls bestätigen Sie"),
    ),
    (
        "A removal is told as a fact, “as a precaution and without admission”, never with a reason; the period stays the claimant's to prove.",
        ("As a precaution only", "Please provide evidence of the period"),
    ),
    (
        "That a site earns nothing bears on the amount alone; it is no defence and is not pleaded as one.",
        ("Pour le seul examen du calcul", "Merci d'indiquer comment le calcul"),
    ),
    (
        "An offer is reserved: without acknowledgement, in full and final settlement, subject to proof of title and to a signed agreement with mutual concessions (C. civ. art. 2044), limited in time, its sum always filled in by the user. A user's own letter is not confidential and may be produced in court.",
        ("La somme demandée", "Dans le seul but de clore", "- parties", "- images", "- adresses", "- période", "- somme unique", "- contrepartie", "- confidentialité", "Cette proposition est subordonnée", "Elle est indivisible"),
    ),
    (
        "The reserve that every reply ends with: no acknowledgement of liability or of a debt, no waiver; limitation is reserved and never asserted (C. civ. art. 2224; § 102 UrhG). “Without prejudice” has no general effect in France or Germany and is not relied on.",
        ("La présente ne vaut", "Tous les droits et moyens", "Nothing in this message", "Diese Antwort erfolgt", "Sämtliche Rechte", "Alle Rechte und Einwendungen"),
    ),
    (
        "A recommendation names no titles; the subscriber may ask for them and present observations: CPI art. L. 331-20 (by form or post, never in answer to the mail).",
        ("En application de l'article L. 331-20", "Merci d'indiquer le contenu", "Nach Artikel L. 331-20"),
    ),
    (
        "Diligence in securing the line is what R. 335-5 CPI weighs; who may have shared what is never said. Companies and associations describe how they let others use their line.",
        ("Les mesures suivantes ont été prises", "- réglage", "- vérification", "- logiciels", "- information", "L'accès est mis à la disposition", "Les mesures suivantes encadrent", "- charte", "- réseau", "- authentification", "Circonstances utiles", "Ces mesures et diligences", "Motifs légitimes", "Ressources et charges", "Pièces jointes", "Zur Sicherung", "- Einstellung", "- Prüfung", "- Tauschprogramme", "- Unterrichtung", "Weitere Umstände"),
    ),
    (
        "The third stage gives fifteen days for observations (CPI art. R. 331-12), and a hearing, with counsel, on request (art. L. 331-15).",
        ("Votre lettre de notification", "Les présentes observations", "Nous demandons une audition", "Je demande une audition"),
    ),
    (
        "Observations admit nothing and may be completed.",
        ("Ces observations sont présentées", "Die genannten Vorgänge werden"),
    ),
)  # fmt: skip

# Address, reference and greeting: no sentence that a law would stand behind.
FORMS = (
    "Madame, Monsieur", "Maître", "To whom", "Dear Counsel", "Sehr geehrte", "Dossier", "Référence", "Reference", "Referenz", "Case number", "Fallnummer",
    "Veuillez agréer", "Yours faithfully", "Mit freundlichen", "À l'attention", "Titulaire", "Adresse postale", "An die Arcom", "Aktenzeichen", "Internetanschluss", "Postanschrift", "Bitte teilen Sie mit:", "Merci de préciser",
)  # fmt: skip

_ENDS = re2.compile(r"[\pL\])]{2}\. [A-ZÀÉ]")


def sentences(line: str) -> Iterator[str]:
    """The sentences of a line, an item of a list as one; an article's number ends none."""
    start = 0
    for match in () if line.startswith("- ") or line[:1].isdigit() else _ENDS.finditer(line):
        yield line[start : match.end() - 2]
        start = match.end() - 1
    yield line[start:]


def basis_of(sentence: str) -> int | None:
    """The number of what stands behind a sentence: of the longest beginning that fits."""
    fits = [
        (len(start), number)
        for number, (_, starts) in enumerate(BASIS, 1)
        for start in starts
        if sentence.startswith(start)
    ]
    return max(fits)[1] if fits else None


def words_of(reply: Reply, identity: Identity) -> list[str]:
    """The reply's own lines without the signature."""
    return reply.body.partition("\n\n" + identity.signature)[0].split("\n")


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for number, printed in enumerate(REPLIES, 1):
        reply = printed.reply()
        parts.append(
            f"### {number}. {printed.title}\n\n`{printed.room}`, stage `{printed.stage}`, reply `{printed.scenario}`\n"
        )
        parts.append("\n".join(f"> {_marked(line)}".rstrip() for line in reply.body.rstrip("\n").split("\n")) + "\n")
    parts.append("## Why each sentence stands there\n")
    parts.append("\n".join(f"{number}. {why}" for number, (why, _) in enumerate(BASIS, 1)) + "\n")
    return "\n".join(parts)


def _marked(line: str) -> str:
    marked = " ".join(f"{each} <sup>{number}</sup>" if (number := basis_of(each)) else each for each in sentences(line))
    return f"{marked}  " if line else ""


_HEAD = """# The replies

A reply is written by hand once, as a template in French, English and German, and filled with what the letter says. It admits
nothing, promises nothing and offers nothing; what the letter does not say stays a visible blank. It is a draft: you read
it, complete it and send it, or not. None of this is legal advice, and each text is worth a lawyer's look before you rely on it.

| reply | when | drafted by itself |
| --- | --- | --- |
| `evidence` | ask for title, proof and computation before anything else | first notices, reminders, final notices |
| `licence` | you hold a licence | when you ask for it |
| `supplier` | an agency, a theme or a partner delivered the image | when you ask for it |
| `not-ours` | neither your site nor your account; with `+hosting`: you merely host it | when you ask for it |
| `settle` | a reserved counter-offer, its sum left to you | when you ask for it |
| `lawyer` | a holding reply | once a law firm has taken over |
| `observations` | for the Arcom's form or by post | from the second recommendation on |
| `notification` | observations and a request to be heard | at the third stage |

To the replies about images may be added `+removed` (the image is down) and `+non-commercial` (what bears on the amount). A first
recommendation, a closing letter and a suspect mail get no draft; nor does mail of your own, unless by it you forwarded a letter, or a
scan of one, to yourself alone. What is asked for, what is told and what is never said follow the
advice that lawyers and consumer bodies agree on: do not explain, do not apologise, ask for mandate, authorship, chain of title,
originality, dated proof and computation.

## What no reply says

Every draft passes a lint before it is filed, and so does every template before it may be used (`inboxbot lint FILE` runs it on
yours, or on a draft that you have edited and saved). It refuses:

- **admissions and apologies**: "we are sorry", "by mistake", "we found it on Google", "as soon as we knew", "my son did it";
- **promises**: to pay, to pay in instalments, to accept an offer; an offer without both reserves;
- **arguments that do not hold**: nullity of an assignment, a cap at the licence price, "a bailiff's report is compulsory", good
  faith, "non-commercial, hence allowed", "the claim is barred", articles that were renumbered;
- **threats and insults**, and every word about the program itself;
- **sums and dates that the letter does not hold**, anything left unfilled, live links of the letter.

A letter cannot put words into its own reply: a value that the lint would refuse becomes a blank, template syntax and
markup are plain text, control characters go. The letter is quoted below the reply with its links made harmless; a note that
someone on your side wrote around a scan is not quoted.

## Your own templates

`templates = "replies/"` in `[identity]` names a folder that comes before ours: `reply.<scenario>.<language>.j2` there replaces that reply,
in a folder of a room's name (`replies/copytrack/…`) for that room alone. Everything is checked at the start and told as
`file:line`: unknown values with the nearest known one, missing includes, syntax, the lint, a name that no reply bears; and each is
tried with a letter that says everything and one that says nothing. `inboxbot lint FILE.j2` tells the same. `{{ blank("what to fill in") }}` leaves a
visible blank, `{{ voice("I", "we") }}` speaks for a person or a company.

## Thirteen replies

The small numbers lead to the list below: what stands behind the sentence.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
