"""What the lint refuses, in the words a person would write, and what it lets pass."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from inboxbot.issuers.lint import lint, lint_draft, lint_template
from inboxbot.issuers.templates import SHARED, open_beside
from tests.issuers.letters import EXAMPLES, reply_to

TEMPLATES = tuple(sorted(SHARED.parent.glob("*/*.j2")))

REFUSED = [
    ("fr", "admission", "Nous sommes désolés de cette situation."),
    ("fr", "admission", "Nous avons utilisé cette image par erreur."),
    ("fr", "admission", "L'image a été trouvée sur Google."),
    ("fr", "admission", "Nous ne savions pas qu'elle était protégée."),
    ("fr", "admission", "C'est mon fils qui a téléchargé."),
    ("fr", "admission", "L'image a été retirée dès que nous avons su."),
    ("fr", "admission", "Nous pensions que l'image était libre de droits."),
    ("fr", "admission", "Nous avions oublié de créditer l'auteur."),
    ("fr", "admission", "Il s'agit d'une erreur de notre prestataire."),
    ("fr", "admission", "Nous avons retiré l'image dès réception de votre courrier."),
    ("fr", "admission", "L'image a été supprimée immédiatement."),
    ("fr", "admission", "Le Wi-Fi n'avait pas de mot de passe."),
    ("fr", "admission", "Mon ex-mari utilisait la connexion."),
    ("fr", "promise", "Nous consentons à régler la somme."),
    ("fr", "promise", "Nous sommes prêts à transiger à 200 euros."),
    ("fr", "promise", "Je suis d'accord pour 200 euros."),
    ("fr", "promise", "Nous procéderons au virement demain."),
    ("fr", "argument", "Votre réclamation est abusive."),
    ("fr", "promise", "Nous réglerons cette somme."),
    ("fr", "promise", "Le paiement suivra sous huit jours."),
    ("fr", "promise", "Pourrions-nous payer en trois fois ?"),
    ("fr", "argument", "La cession est nulle au regard de l'article L. 131-3."),
    ("fr", "argument", "Un constat d'huissier est obligatoire."),
    ("fr", "argument", "Les dommages ne sauraient dépasser le prix de la licence."),
    ("fr", "argument", "Votre demande est prescrite."),
    ("fr", "argument", "Notre site est non commercial, l'usage est donc autorisé."),
    ("fr", "hostile", "C'est une arnaque."),
    ("en", "admission", "We are sorry about this."),
    ("en", "admission", "We used the image by mistake."),
    ("en", "admission", "We found it on Google."),
    ("en", "admission", "We were not aware of that."),
    ("en", "admission", "We thought the image was free to use."),
    ("en", "admission", "Our intern put the image online."),
    ("en", "admission", "We have taken it down immediately after your email."),
    ("en", "admission", "We removed the picture upon receipt of your letter."),
    ("en", "admission", "I downloaded the movie."),
    ("en", "admission", "My ex-husband used the connection."),
    ("en", "promise", "We are happy to settle for 200 euros."),
    ("en", "promise", "We accept to pay."),
    ("en", "offer", "We can offer 200 euros."),
    ("en", "argument", "Your claim is abusive."),
    ("en", "promise", "We will pay the licence."),
    ("en", "promise", "Could we pay in instalments?"),
    ("en", "argument", "This is fair use."),
    ("en", "argument", "The supplier is solely liable."),
    ("en", "hostile", "You are copyright trolls and this is a scam."),
    ("de", "admission", "Das tut uns leid."),
    ("de", "admission", "Wir haben das Bild versehentlich verwendet."),
    ("de", "admission", "Wir haben das Foto bei Google gefunden."),
    ("de", "admission", "Wir dachten, das Bild sei lizenzfrei."),
    ("de", "admission", "Wir haben das Bild sofort nach Ihrer Mail gelöscht."),
    ("de", "admission", "Mein Exmann hat den Anschluss genutzt."),
    ("de", "admission", "Das war ein Fehler unserer Agentur."),
    ("de", "admission", "Das WLAN war nicht verschlüsselt."),
    ("de", "argument", "Ihre Forderung ist missbräuchlich."),
    ("de", "promise", "Wir werden den Betrag überweisen."),
    ("de", "promise", "Ist Ratenzahlung möglich?"),
    ("de", "argument", "Der Anspruch ist längst verjährt."),
    ("de", "hostile", "Das ist Abzocke und Betrug."),
    ("en", "internal", "This draft was automatically generated."),
    ("fr", "internal", "Indice de confiance : 98 %."),
    ("fr", "offer", "Nous vous proposons une contre-proposition transactionnelle."),
    ("en", "unfilled", "Your case {{ case_number }} is known."),
    ("en", "unfilled", "Case number: None"),
    ("en", "unfilled", "Your letter of [date] is known."),
    ("en", "link", "See https://portal.copytrack.com/en/start for it."),
    ("fr", "link", "Voir www.copytrack.com pour le détail."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "rule", "words"), REFUSED)
def test_words_that_could_harm_are_refused(language: str, rule: str, words: str) -> None:
    assert rule in {problem.rule for problem in lint(words, language)}


@pytest.mark.parametrize(("language", "rule", "words"), REFUSED)
def test_capitals_and_typography_hide_nothing(language: str, rule: str, words: str) -> None:
    if rule in ("unfilled", "link"):
        return
    disguised = words.upper().replace("'", "’").replace(" ", "\xa0")
    assert rule in {problem.rule for problem in lint(disguised, language)}


def test_a_line_that_breaks_in_the_middle_of_a_phrase_hides_nothing() -> None:
    assert [p.line for p in lint("Dear Counsel,\n\nthe image was removed as\nsoon as we\nknew of it.", "en")] == [3]


def test_a_problem_names_its_line_and_its_words() -> None:
    (problem,) = lint("Dear Counsel,\n\nWe are sorry.\n", "en")
    assert (problem.line, problem.excerpt) == (3, "sorry")


def test_a_sum_or_a_date_that_is_not_the_letters_is_refused() -> None:
    words = "You claim €350 by 4 March 2025."
    assert lint(words, "en", {Decimal(350)}, {date(2025, 3, 4)}) == []
    assert [p.rule for p in lint(words, "en", {Decimal(300)}, {date(2025, 3, 5)})] == ["sum", "date"]


@pytest.mark.parametrize("number", ["192.0.2.88", "06.12.34.56.78", "2001:db8::1", "PTK-25-12055"])
def test_addresses_phones_and_references_are_no_dates(number: str) -> None:
    assert lint(f"Reference {number}.", "en", set(), set(), verbatim=()) == []


def test_what_the_letter_itself_says_below_the_reply_is_not_the_replys() -> None:
    quoted = "Nothing is admitted.\n\nOn 3 March 2025, Copytrack wrote:\n> We are sorry that you did not pay 500 EUR.\n"
    assert lint(quoted, "en", set(), set()) == []


def test_a_live_link_below_the_reply_is_refused_and_a_dead_one_is_not() -> None:
    assert [p.rule for p in lint("Seen.\n\n> https://portal.copytrack.com/en\n", "en")] == ["link"]
    assert lint("Seen.\n\n> hxxps://portal[.]copytrack[.]com/en and x-ftp://a[.]com/b\n", "en") == []


def test_a_settlement_needs_both_reserves() -> None:
    offer = "The following settlement proposal is put to you, without any admission and in full and final settlement."
    assert lint(offer, "en") == []
    assert [p.rule for p in lint(offer.replace("full and final ", ""), "en")] == ["offer"]


def test_the_blanks_must_be_those_that_the_sheet_announces() -> None:
    text = "Sum: [TO BE COMPLETED: sum proposed]."
    assert lint(text, "en", announced=1) == []
    assert [p.rule for p in lint(text, "en", announced=2)] == ["blanks"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Le réseau Wi-Fi est protégé par une clé WPA2 changée le 3 mars."),
        ("fr", "Merci de retirer immédiatement cette mention de vos courriers."),
        ("fr", "Nous contestons cette demande dans son principe et dans son montant."),
        ("en", "We have taken note of your letter and will revert upon receipt of the documents."),
        ("en", "The photograph was taken by an employee of the agency."),
        ("en", "We acknowledge receipt of your letter."),
        ("de", "Ihre Berechnung enthält den Fehler einer anderen Sache."),
        ("de", "Wir bestreiten den Anspruch dem Grunde und der Höhe nach."),
        ("de", "Das Bild ist seit dem 3. März nicht mehr abrufbar."),
    ],
)
def test_sober_words_pass(language: str, words: str) -> None:
    assert lint(words, language) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_template_passes(path: Path) -> None:
    assert open_beside(path).problems_of(path.name) == []


def test_there_are_templates_to_pass() -> None:
    assert len(TEMPLATES) > 25


def test_a_template_is_read_without_its_instructions() -> None:
    assert lint_template('{% if sorry %}Dear Counsel{% endif %}{{ blank("regret") }}\n', "en") == []
    assert [p.line for p in lint_template("{% if x %}\n\nWe regret this.\n{% endif %}", "en")] == [3]


@pytest.mark.parametrize("path", EXAMPLES[:6], ids=lambda path: path.stem)
def test_a_draft_saved_from_the_mail_program_passes_as_it_was_filed(path: Path) -> None:
    from inboxbot.letter.compose import draft_message
    from tests.cases.readings import HEAD, NOW
    from tests.issuers.letters import COMPANY

    reply = reply_to(path, "evidence", "en", quote=True)
    raw = draft_message(HEAD, reply, COMPANY, "<draft@example.org>", NOW)
    assert lint_draft("draft.eml", raw) == []
    assert lint_draft("draft.eml", raw.replace(b"Nothing in this", b"We are sorry. Nothing in this")) != []
