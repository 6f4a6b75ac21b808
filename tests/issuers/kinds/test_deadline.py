from __future__ import annotations

from datetime import date

import pytest

from inboxbot.issuers.kinds.deadline import Deadline, find_deadline

MONDAY = "2025-03-03"

# (the letter's date, its words, the strict day, the day it rolls to in France, in Germany): domain study §F3
VECTORS = [
    ("2025-03-03", "within 14 days", "2025-03-17", "2025-03-17", "2025-03-17"),
    ("2025-04-29", "sous huit jours", "2025-05-07", "2025-05-07", "2025-05-07"),
    ("2025-04-30", "sous 8 jours", "2025-05-08", "2025-05-09", "2025-05-08"),
    ("2025-12-10", "dans un délai de quinze jours", "2025-12-25", "2025-12-26", "2025-12-29"),
    ("2025-03-07", "innerhalb von 8 Tagen", "2025-03-15", "2025-03-17", "2025-03-17"),
    ("2025-08-01", "sous 14 jours", "2025-08-15", "2025-08-18", "2025-08-15"),
    ("2022-07-15", "bis zum 22.07.2022", "2022-07-22", "2022-07-22", "2022-07-22"),
    ("2025-12-22", "bis 01.01.2026", "2026-01-01", "2026-01-02", "2026-01-02"),
]
WORKING = [
    ("2025-04-14", "sous 10 jours ouvrés", "FR", "2025-04-29"),
    ("2025-04-14", "within 10 business days", "GB", "2025-04-30"),
    ("2025-04-14", "innerhalb von 10 Arbeitstagen", "DE", "2025-04-30"),
    ("2025-04-14", "sous 10 jours ouvrables", "FR", "2025-04-26"),
]

SPANS = {  # counted from Monday, 3 March 2025
    "Réglez sous huit jours.": "2025-03-11",
    "Réglez dans un délai de HUIT JOURS à compter de la réception.": "2025-03-11",
    "Vous disposez d'un délai de quinze (15) jours pour répondre.": "2025-03-18",
    "Votre règlement devra me parvenir dans un délai de quinze (15) jours à compter de la réception.": "2025-03-18",
    "Vos observations sont recueillies pendant les quinze jours qui suivent la date de la présente.": "2025-03-18",
    "Si le paiement intervient sous dix jours, l'affaire est close.": "2025-03-13",
    "Réglez sous huitaine.": "2025-03-10",
    "Un règlement sous quinzaine vous siéra mieux qu'un procès.": "2025-03-17",
    "Pouvez-vous me répondre d'ici quinze jours ?": "2025-03-18",
    "Il vous reste trois semaines pour payer.": "2025-03-24",
    "Je vous laisse un mois pour régler.": "2025-04-03",
    "Faites-moi parvenir la somme dans le mois.": "2025-04-03",
    "Réponse exigée sous 48 h.": "2025-03-05",
    "Vous avez 24h pour payer.": "2025-03-04",
    "Réglez sous 8 jours francs.": "2025-03-12",
    "Réglez sous vingt et un jours.": "2025-03-24",
    "C'est une offre ferme, valable trois semaines à compter de ce message.": "2025-03-24",
    "Délai : 15 jours à compter de la présente.": "2025-03-18",
    "Plus que trois jours.": "2025-03-06",
    "Please reply within ten (10) days of the date of this letter.": "2025-03-13",
    "Kindly respond within fourteen days of receipt.": "2025-03-17",
    "You have 7 days left.": "2025-03-10",
    "Please answer in the next two weeks.": "2025-03-17",
    "Please come back to us inside a fortnight.": "2025-03-17",
    "Payment is due no later than 14 days from the date of this notice.": "2025-03-17",
    "Bitte zahlen Sie binnen zwei Wochen.": "2025-03-17",
    "Antworten Sie innerhalb einer Woche.": "2025-03-10",
    "Wir setzen Ihnen eine Nachfrist von acht Tagen.": "2025-03-11",
    "Dafür haben Sie noch sieben Tage.": "2025-03-10",
    "Das Angebot gilt 21 Tage.": "2025-03-24",
    "Zahlung in den nächsten 10 Tagen, bitte.": "2025-03-13",
    "Paguen en un plazo de quince días.": "2025-03-18",
    "Rispondete entro dieci giorni.": "2025-03-13",
    "Betaal binnen veertien dagen na ontvangst.": "2025-03-17",
}

DATES = {  # in a letter of Monday, 3 March 2025
    "Votre réponse est attendue avant le 20 mars 2025.": "2025-03-20",
    "À régler au plus tard le 1er avril.": "2025-04-01",
    "À nous faire tenir le 10 mars 2025 au plus tard.": "2025-03-10",
    "Paiement attendu d'ici au vendredi 14 mars.": "2025-03-14",
    "Date limite : 06/05/2025": "2025-05-06",
    "Dernier jour : le 24 mars 2025.": "2025-03-24",
    "La proposition prend fin le lundi 10 mars 2025.": "2025-03-10",
    "Au-delà du 28 mars, je ne répondrai plus à aucune offre.": "2025-03-28",
    "Il me faut une réponse d'ici mercredi 12.": "2025-03-12",
    "Payez avant la fin du mois.": "2025-03-31",
    "Elle vous laisse jusqu'à fin avril pour payer.": "2025-04-30",
    "Please pay by 7 April 2025.": "2025-04-07",
    "Please pay before April 1st, 2025.": "2025-04-01",
    "Please settle no later than 21 March.": "2025-03-21",
    "New payment date: 15 March 2025": "2025-03-15",
    "We have moved the date to 20 March 2025.": "2025-03-20",
    "EUR 350 please, by Friday.": "2025-03-07",
    "Transfer it by the 26th of this month.": "2025-03-26",
    "If on 27/03/2025 we do not find the money, a law firm takes over.": "2025-03-27",
    "Zahlen Sie bis spätestens 21.03.2025.": "2025-03-21",
    "Zahlbar bis 18.3.": "2025-03-18",
    "Die Frist endet am 14. März 2025.": "2025-03-14",
    "Als Frist haben wir uns den 31. März 2025 vorgemerkt.": "2025-03-31",
    "Die Zahlung ist fällig am 24.03.2025.": "2025-03-24",
    "El plazo termina el 25 de marzo de 2025.": "2025-03-25",
    "Pagamento non oltre il 27 marzo 2025.": "2025-03-27",
    "Wij verwachten uw betaling vóór 21 maart 2025.": "2025-03-21",
    "Hij gaat naar de advocaat: uiterlijk 31 maart.": "2025-03-31",
}

NONE = {
    "vague, fr": "Merci de régler dans les meilleurs délais.",
    "vague, en": "Please answer at your earliest convenience.",
    "vague, de": "Bitte zahlen Sie umgehend.",
    "a date of the facts": "La photographie a été relevée le 14 février 2025.",
    "a deadline that has passed": "Notre délai du 20 février 2025 est écoulé.",
    "an invoice": "Facture du 3 janvier 2025, payée.",
    "how long it was used": "L'image est restée en ligne pendant trois semaines.",
    "limitation": "L'action se prescrit dans un délai de deux mois.",
    "data": "Vos données sont conservées pendant 2 mois.",
    "a licence in German": "Nachlizenzierung, Laufzeit bis 02.09.2025.",
    "a licence": "The licence is valid until 30 April 2025.",
    "the issuer's own answer": "Un avocat étudie votre message et vous répondra sous dix jours ouvrés.",
    "the issuer's own visit": "Je repasse vous voir dans trois semaines.",
    "the issuer's own answer, en": "We will get back to you within five working days.",
    "the issuer's own answer, de": "Rechnen Sie mit einer Antwort in den nächsten 15 Arbeitstagen.",
    "a discount": "Une remise vous est accordée jusqu'au 10 mars 2025.",
    "a holiday": "Notre cabinet est fermé jusqu'au 15 mars 2025.",
    "a register number": "Rechtsdienstleistungsregister 7525 G 1 KG 02/16",
    "a day that the letter cannot know": "You pay within seven days of signature.",
    "years": "Un nouveau manquement dans l'année serait poursuivi.",
    "the matter is over": "Votre paiement nous est bien parvenu et le dossier est clos. Vous pouvez garder l'image jusqu'au 10 avril 2025.",
    "nothing": "Bonjour.",
}

SEVERAL = {
    "a date beats a span": ("Réglez sous huit jours. Le paiement est attendu avant le 20 mars 2025.", "2025-03-20"),
    "the answer beats the removal": ("Remove the picture within 48 hours. Please pay within 14 days.", "2025-03-17"),
    "only a removal": ("Retirez la photographie sous 5 jours.", "2025-03-08"),
    "the full sum beats the discount": (
        "Un escompte est accordé jusqu'au 10 mars 2025. Le paiement est attendu avant le 31 mars 2025.",
        "2025-03-31",
    ),
    "a better price for the quick": (
        "S'il est payé dans les huit jours, il acceptera 900 €. L'offre tombera le 12 mai 2025.",
        "2025-05-12",
    ),
    "the same twice": ("Réponse attendue avant le 20 mars 2025. Passé le 20 mars, l'offre est caduque.", "2025-03-20"),
    "two that differ": ("Répondez avant le 20 mars 2025. Payez avant le 31 mars 2025.", None),
}


def _find(
    text: str, sent: str | None = MONDAY, own: str | None = None, country: str = "FR", language: str | None = None
) -> Deadline:
    return find_deadline(
        [("body", text)],
        language,
        sent_on=sent and date.fromisoformat(sent),
        own_date=own and date.fromisoformat(own),
        country=country,
    )


@pytest.mark.parametrize(("anchor", "words", "strict", "france", "germany"), VECTORS)
def test_the_day_is_counted_as_the_law_counts(anchor: str, words: str, strict: str, france: str, germany: str) -> None:
    text = f"Payment, Zahlung, paiement {words}."
    assert [str(_find(text, anchor, country=country).strict) for country in ("FR", "DE")] == [strict, strict]
    assert [str(_find(text, anchor, country=country).rolled) for country in ("FR", "DE")] == [france, germany]


@pytest.mark.parametrize(("anchor", "words", "country", "strict"), WORKING)
def test_working_days_are_those_of_the_sender(anchor: str, words: str, country: str, strict: str) -> None:
    assert str(_find(f"Payment, Zahlung, paiement {words}.", anchor, country=country).strict) == strict


@pytest.mark.parametrize("text", SPANS)
def test_a_span_is_counted_from_the_letter(text: str) -> None:
    assert str(_find(text).strict) == SPANS[text]


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_the_day(text: str) -> None:
    assert str(_find(text).strict) == DATES[text]


@pytest.mark.parametrize("what", NONE)
def test_no_deadline_is(what: str) -> None:
    assert _find(NONE[what]) == Deadline()


@pytest.mark.parametrize("what", SEVERAL)
def test_of_several_days(what: str) -> None:
    text, strict = SEVERAL[what]
    assert _find(text).strict == (strict and date.fromisoformat(strict))


def test_several_days_are_a_doubt() -> None:
    assert _find(SEVERAL["two that differ"][0]).doubts == ("the letter sets several deadlines: 2025-03-20, 2025-03-31",)


def test_the_letter_s_own_date_counts_before_the_mail_s() -> None:
    assert str(_find("Payez sous 8 jours.", "2025-03-10", "2025-03-03").strict) == "2025-03-11"


def test_a_letter_cannot_be_younger_than_its_mail() -> None:
    assert str(_find("Payez sous 8 jours.", "2025-03-03", "2025-03-10").strict) == "2025-03-11"


def test_without_any_date_only_a_whole_date_counts() -> None:
    assert _find("Payez sous 8 jours.", None).strict is None
    assert str(_find("Payez avant le 20 mars 2025.", None).strict) == "2025-03-20"


def test_a_year_that_is_missing_is_the_next_one() -> None:
    assert str(_find("Payez avant le 5 janvier.", "2025-12-20").strict) == "2026-01-05"


def test_a_feast_is_less_than_its_date() -> None:
    text = "Merci d'y pourvoir pour la Toussaint, disons le 31 octobre 2025."
    assert str(_find(text, "2025-10-14").strict) == "2025-10-31"
    assert str(_find("Merci d'y pourvoir avant la Toussaint.", "2025-10-14").strict) == "2025-11-01"


def test_a_paper_that_is_older_does_not_hide_a_date() -> None:
    assert (
        str(_find("J'attends ce règlement pour le 22 septembre 2023.", "2023-09-08", "2023-01-04").strict)
        == "2023-09-22"
    )


PASSED = {  # from Tuesday, 18 November 2025
    "El plazo venció el lunes; lo dejo abierto hasta el viernes 21 por última vez.": "2025-11-21",
    "The deadline expired on Monday. Please pay by Friday 21 November.": "2025-11-21",
    "The time limit has expired and you now have until 28 November to pay.": "2025-11-28",
    "Die Frist lief am Montag ab. Bitte zahlen Sie bis Freitag, 21. November.": "2025-11-21",
    "Ihre Frist ist abgelaufen, ich setze eine Nachfrist von zehn Tagen.": "2025-11-28",
    "The payment deadline of 3 December does not apply while we review your reply.": "None",
}


@pytest.mark.parametrize("text", PASSED)
def test_a_day_gone_by_is_no_deadline(text: str) -> None:
    assert str(_find(text, "2025-11-18").strict) == PASSED[text]


def test_the_receipt_is_told_as_a_doubt() -> None:
    found = _find("Payez sous quinze jours à compter de la réception de la présente.")
    assert str(found.strict) == "2025-03-18"
    assert ["receipt" in doubt for doubt in found.doubts] == [True]


def test_an_english_slash_date_is_day_first_and_told() -> None:
    found = _find("Please pay by 05/07/2025.", "2025-06-20", language="en")
    assert str(found.strict) == "2025-07-05"
    assert ["day first" in doubt for doubt in found.doubts] == [True]


def test_the_passage_quotes_the_sentence() -> None:
    passage = _find("Bonjour. Payez sous 8 jours. Merci.").passage
    assert passage is not None
    assert (passage.quote, passage.source) == ("Payez sous 8 jours.", "body")
    assert passage.rule == "deadline: 8 days from the letter's date"


@pytest.mark.parametrize(
    "text",
    ["sous 8 jours " * 16_000, "avant le 12 mars 2025 " * 9_000, "12.03. " * 28_000, "1 1 1 " * 33_000],
    ids=["spans", "dates", "short", "numbers"],
)
def test_a_text_of_nothing_but_days_is_read_in_bounds(text: str) -> None:
    assert _find(text).strict in (None, date(2025, 3, 11), date(2025, 3, 12))
