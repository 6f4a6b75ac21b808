"""What a letter says: whose words count, what is left out rather than guessed, and where each fact was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from inboxbot.issuers.facts import find_facts, find_stage
from inboxbot.letter.parse import read_letter
from inboxbot.records import Brief, Facts
from tests.issuers.letters import mail, rooms
from tests.letter.mails import message

CLAIM = """Dear Sir or Madam,

Our client, the agency Harbour Stills, found this picture on https://bakery-lane.example/blog/market-day.

Case number: K7Q2XB

Please pay EUR 350.00 by 14 April 2025, or send us your licence.

Copytrack
"""
WARNING = """Monsieur,

Le 4 mars 2025 à 21 h 14, l'adresse IP 198.51.100.23, attribuée par Bouygues Telecom, a servi à partager une œuvre
au moyen du logiciel eMule. Il s'agit d'un second avertissement : le premier vous a été adressé le 9 décembre 2024.

Dossier n° 44 018 7 301 6

L'Arcom
"""
LAWYER = "Cabinet Sorel <sorel@sorel-avocats.example>"


def facts(body: str, room: str = "copytrack", **told: str) -> Facts:
    return find_facts(read_letter(mail(body, **told)), rooms()[room], Brief())


def stage(body: str, room: str = "copytrack", **told: str) -> str | None:
    return find_stage(read_letter(mail(body, **told)), rooms()[room])


def pixtrakk(sentence: str) -> Facts:
    return facts(
        f"Madame,\n\n{sentence}\n\nMe Sorel\nAvocat au barreau de Nantes",
        "pixtrakk",
        subject="Photographie",
        sender=LAWYER,
    )


def test_a_claim_is_read() -> None:
    found = facts(CLAIM)
    assert found.case_number == "K7Q2XB"
    assert (found.amount, found.currency) == (Decimal("350.00"), "EUR")
    assert found.deadline == date(2025, 4, 14)
    assert found.page_urls == ("https://bakery-lane.example/blog/market-day",)
    assert found.rights_holder == "Harbour Stills"


def test_a_warning_is_read() -> None:
    found = facts(WARNING, "hadopi", subject="Second avertissement", sender="Arcom <ne-pas-repondre@arcom.fr>")
    assert found.case_number == "44 018 7 301 6"
    assert found.facts_at == datetime(2025, 3, 4, 21, 14)  # noqa: DTZ001 - as printed
    assert (found.ip_address, found.isp, found.software) == ("198.51.100.23", "Bouygues Telecom", "eMule")
    assert found.first_warning_on == date(2024, 12, 9)
    assert found.amount is None


def test_a_letter_of_no_room_has_no_facts() -> None:
    letter = read_letter(mail(CLAIM))
    assert find_facts(letter, None, Brief()) == Facts()
    assert find_stage(letter, None) is None


def test_every_fact_carries_the_words_it_was_read_from() -> None:
    found = facts(CLAIM, subject="A picture")
    assert found.evidence["case_number"].quote == "Case number: K7Q2XB"
    assert found.evidence["case_number"].source == "body"
    assert found.evidence["case_number"].rule.startswith("copytrack.case_number.")
    assert "14 April 2025" in found.evidence["deadline"].quote


def test_what_is_printed_is_what_is_told() -> None:
    for told in (facts(CLAIM), facts(WARNING, "hadopi")):
        for passage in told.evidence.values():
            assert passage.quote
            assert "\n" not in passage.quote


# --- where a number may stand -----------------------------------------------------------------------------------------


def test_a_case_number_that_only_the_subject_has() -> None:
    assert facts("We found a picture of our client on your site.", subject="Case 4KD82P").case_number == "4KD82P"


def test_a_case_number_that_only_the_portals_address_has() -> None:
    body = "We found a picture. See https://portal.copytrack.com/cases/4KD82P"
    assert facts(body, subject="A picture").case_number == "4KD82P"


def test_a_case_number_that_only_a_file_name_has() -> None:
    made = message("We found a picture.", From="Copytrack <case@copytrack.com>", Subject="A picture")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="copytrack_4KD82P.pdf")
    assert find_facts(read_letter(made.as_bytes()), rooms()["copytrack"], Brief()).case_number == "4KD82P"


@pytest.mark.parametrize(
    "line",
    [
        "RDG 7525 G 1 KG 02/16",
        "Tel. +49 30 901820",
        "IBAN DE02 1203 0000 0000 2020 51",
        "Invoice 2023-0881",
        "VAT DE303450114",
        "The picture was taken in 2019.",
    ],
)
def test_other_numbers_are_no_case_numbers(line: str) -> None:
    assert facts(f"We found a picture of our client.\n\n{line}", subject="A picture").case_number is None


def test_two_numbers_that_could_both_be_meant_are_a_doubt() -> None:
    found = facts("Case 4KD82P and case 7XM31Q concern you.", subject="Two pictures")
    assert found.case_number is None
    assert found.doubts == ("case_number is ambiguous: 4KD82P, 7XM31Q",)


def test_the_issuers_number_comes_before_that_of_its_lawyer() -> None:
    assert pixtrakk("N/Réf. : HM/19.114 – réf. PixTrakk 31.877").case_number == "31.877"
    assert pixtrakk("N/Réf. : HM/19.114").case_number == "HM/19.114"


def test_where_no_number_is_printed_the_matter_has_a_name() -> None:
    assert (
        pixtrakk("Affaire : Claire Vasseur c/ SARL Les Tilleuls").case_number == "Claire Vasseur c/ SARL Les Tilleuls"
    )


# --- whose words count ------------------------------------------------------------------------------------------------

QUOTING = (
    "Dear Sir,\n\nwe are still waiting for your answer.\n\nCopytrack\n\n"
    "On Mon, 3 Mar 2025 at 10:00, Copytrack <case@copytrack.com> wrote:\n"
)


def test_case_number_and_pages_may_come_from_the_letter_that_is_quoted_sums_and_days_never() -> None:
    body = QUOTING + "".join(f"> {line}\n" for line in CLAIM.splitlines())
    found = facts(body, subject="Re: A picture")
    assert found.case_number == "K7Q2XB"
    assert found.evidence["case_number"].source == "history"
    assert found.page_urls == ("https://bakery-lane.example/blog/market-day",)
    assert found.rights_holder == "Harbour Stills"
    assert (found.amount, found.amounts, found.deadline) == (None, (), None)


def test_the_newest_letter_comes_before_the_one_it_quotes() -> None:
    body = QUOTING.replace("answer.", "answer in case 7XM31Q.") + "> Case number: K7Q2XB\n"
    assert facts(body, subject="Re: A picture").case_number == "7XM31Q"


# --- stages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Please send us your licence, or pay EUR 350.00 within 14 days.", "notice"),
        ("If we do not hear from you, a reminder will follow. EUR 350.00.", "notice"),
        ("We have not received any answer to our letter of 3 May. EUR 350.00 is due.", "reminder"),
        ("You told us that your designer took the picture. EUR 350.00 remains payable.", "reminder"),
        ("This is our final reminder before we hand the file to our lawyers. EUR 350.00.", "final"),
        ("Thank you for your payment. The case is closed.", "closing"),
        ("Thank you for your message. A case manager will reply within ten days.", None),
        ("Sie haben auf unser Schreiben vom 3. Mai nicht geantwortet. 350 € sind offen.", "reminder"),
        ("Nous n'avons reçu aucune réponse à notre lettre du 3 mai. 350 €.", "reminder"),
        ("Aún no hemos tenido noticias suyas. Quedan pendientes 350 €.", "reminder"),
        ("La nostra e-mail del 3 maggio è rimasta senza risposta. 350 €.", "reminder"),
        ("Onze e-mail van 3 mei bleef onbeantwoord. 350 €.", "reminder"),
        ("We came across the photograph on your site. No payment has been received for it. EUR 350.00.", "notice"),
        (
            "Wir haben das Bild auf Ihrer Seite entdeckt. Eine Zahlung oder ein Nachweis liegt nicht vor. 350 €.",
            "notice",
        ),
        ("Sans réponse de votre part, nous vous adresserons une relance. 350 €.", "notice"),
        ("If this stays unanswered, the case goes to a law firm. EUR 350.00.", "notice"),
        ("EUR 250.00 by Friday and the matter is settled.", "notice"),
        ("Nous n'avons plus aucune demande et refermons le dossier.", "closing"),
    ],
)
def test_how_far_a_claim_has_come(sentence: str, wanted: str | None) -> None:
    assert stage(f"{sentence}\n\nCopytrack", subject="Case 4KD82P") == wanted


def test_a_law_firm_that_writes_for_the_issuer_is_another_stage() -> None:
    body = "Dear Sir,\n\nCopytrack has instructed us. Please pay EUR 900.00 within 14 days.\n\nStone & Hale, Solicitors"
    assert stage(body, sender="Anna Stone <stone@stonehale.example>") == "lawyer"


def test_lawyers_write_for_pixtrakk_from_the_start_and_are_another_stage_only_after_the_desk() -> None:
    first = "Madame,\n\nJe suis l'avocat de Mme Vasseur. PixTrakk a relevé sa photographie sur votre site. 350 € sous huit jours.\n\nMe Sorel"
    later = first.replace("a relevé", "vous a écrit deux fois, en vain, après avoir relevé")
    assert stage(first, "pixtrakk", sender=LAWYER, subject="Photographie") == "notice"
    assert stage(later, "pixtrakk", sender=LAWYER, subject="Photographie") == "lawyer"


@pytest.mark.parametrize(
    ("subject", "sentence", "wanted"),
    [
        ("Avertissement", "Nous vous recommandons de sécuriser votre accès.", "recommendation_1"),
        (
            "Avertissement",
            "De nouveaux faits ont été constatés depuis l'avertissement du 4 janvier 2025.",
            "recommendation_2",
        ),
        ("Hadopi", "La présente lettre de rappel fait suite à la recommandation du 4 janvier 2018.", "reminder_letter"),
        ("Notification", "Vous disposez de quinze jours pour présenter vos observations.", "notification_3"),
        ("Votre dossier", "La procédure est close.", "closing"),
        ("Accusé de réception", "Vos observations ont bien été reçues.", None),
    ],
)
def test_how_far_the_graduated_response_has_come(subject: str, sentence: str, wanted: str | None) -> None:
    body = f"Monsieur,\n\n{sentence} Dossier 44 018 7 301 6.\n\nL'Arcom"
    assert stage(body, "hadopi", subject=subject, sender="Arcom <ne-pas-repondre@arcom.fr>") == wanted


# --- days of a warning ------------------------------------------------------------------------------------------------


def test_the_day_of_a_letter_is_not_that_of_its_facts() -> None:
    body = WARNING.replace("Le 4 mars 2025 à 21 h 14", "Lyon, le 3 mars 2025 à 9 h 00.\n\nVotre ligne") + "\n"
    assert facts(body, "hadopi").facts_at is None


def test_a_first_warning_is_older_than_the_facts_of_the_second() -> None:
    body = WARNING.replace("le 9 décembre 2024", "le 9 décembre 2025")
    assert facts(body, "hadopi").first_warning_on is None


def test_a_recommendation_sets_no_deadline() -> None:
    body = WARNING + "\nVous pouvez présenter vos observations dans un délai de quinze jours.\n"
    assert facts(body, "hadopi", subject="Second avertissement").deadline is None


def test_facts_are_told_in_local_time_where_both_are_printed() -> None:
    body = WARNING.replace(
        "Le 4 mars 2025 à 21 h 14", "Le 4 mars 2025 à 20:14:03 UTC, soit le 4 mars 2025 à 21:14:03 (heure de Paris)"
    )
    assert facts(body, "hadopi").facts_at == datetime(2025, 3, 4, 21, 14, 3)  # noqa: DTZ001 - as printed


def test_the_facts_of_a_forwarded_letter_are_those_of_the_letter() -> None:
    inner = "".join(f"{line}\n" for line in CLAIM.splitlines())
    body = (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Copytrack <case@copytrack.com>\n"
        f"Date: Mon, 3 Mar 2025 at 10:00\nSubject: Case K7Q2XB\nTo: <contact@client.example>\n\n{inner}"
    )
    letter = read_letter(mail(body, subject="Fwd: Case K7Q2XB", sender="Claire <claire@client.example>"))
    found = find_facts(letter, rooms()["copytrack"], Brief())
    assert (found.case_number, found.deadline) == ("K7Q2XB", date(2025, 4, 14))
    assert find_stage(letter, rooms()["copytrack"]) == "notice"


def test_a_letter_without_text_has_no_facts() -> None:
    letter = replace(read_letter(mail("", subject="")), head=read_letter(mail("", subject="")).head)
    found = find_facts(letter, rooms()["hadopi"], Brief())
    assert (found.case_number, found.ip_address, found.facts_at) == (None, None, None)
