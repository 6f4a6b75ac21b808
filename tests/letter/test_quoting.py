from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from inboxbot.letter.quoting import split
from tests.letter.mails import DEMAND

PARIS = timezone(timedelta(hours=1))
NOTE = "Regarde ce que j'ai reçu."

FORWARDS = {
    "gmail fr": "---------- Forwarded message ---------\nDe : Claims Desk <claims@issuer.example>\nDate: mar. 11 mars 2025 à 09:12\nSubject: Votre dossier AB12CD\nTo: <contact@client.example>\n\n\n",
    "gmail en": "---------- Forwarded message ---------\nFrom: Claims Desk <claims@issuer.example>\nDate: Tue, Mar 11, 2025 at 9:12 AM\nSubject: Votre dossier AB12CD\nTo: Claire <contact@client.example>\nCc: <x@client.example>\n\n",
    "gmail de": "---------- Forwarded message ---------\nVon: Claims Desk <claims@issuer.example>\nDate: Di., 11. März 2025 um 09:12 Uhr\nSubject: Votre dossier AB12CD\nTo: <contact@client.example>\n\n",
    "gmail es": "---------- Forwarded message ---------\nDe: Claims Desk <claims@issuer.example>\nDate: mar, 11 mar 2025 a las 9:12\nSubject: Votre dossier AB12CD\nTo: <contact@client.example>\n\n",
    "gmail it": "---------- Forwarded message ---------\nDa: Claims Desk <claims@issuer.example>\nDate: mar 11 mar 2025 alle ore 09:12\nSubject: Votre dossier AB12CD\nTo: <contact@client.example>\n\n",
    "gmail nl": "---------- Forwarded message ---------\nVan: Claims Desk <claims@issuer.example>\nDate: di 11 mrt 2025 om 09:12\nSubject: Votre dossier AB12CD\nTo: <contact@client.example>\n\n",
    "outlook fr": "________________________________\nDe : Claims Desk <claims@issuer.example>\nEnvoyé : mardi 11 mars 2025 09:12\nÀ : Claire <contact@client.example>\nObjet : Votre dossier AB12CD\n\n",
    "outlook en": "From: Claims Desk <claims@issuer.example>\nSent: Tuesday, March 11, 2025 9:12 AM\nTo: Claire <contact@client.example>\nSubject: Votre dossier AB12CD\n\n",
    "outlook de": "Von: Claims Desk <claims@issuer.example>\nGesendet: Dienstag, 11. März 2025 09:12\nAn: Claire <contact@client.example>\nBetreff: Votre dossier AB12CD\n\n",
    "outlook es": "De: Claims Desk <claims@issuer.example>\nEnviado: martes, 11 de marzo de 2025 9:12\nPara: Claire <contact@client.example>\nAsunto: Votre dossier AB12CD\n\n",
    "outlook it": "Da: Claims Desk <claims@issuer.example>\nInviato: martedì 11 marzo 2025 09:12\nA: Claire <contact@client.example>\nOggetto: Votre dossier AB12CD\n\n",
    "outlook nl": "Van: Claims Desk <claims@issuer.example>\nVerzonden: dinsdag 11 maart 2025 09:12\nAan: Claire <contact@client.example>\nOnderwerp: Votre dossier AB12CD\n\n",
    "outlook 2003": "-----Message d'origine-----\nDe : Claims Desk [mailto:claims@issuer.example]\nEnvoyé : mardi 11 mars 2025 09:12\nÀ : Claire\nObjet : Votre dossier AB12CD\n\n",
    "thunderbird fr": "-------- Message transféré --------\nSujet : \tVotre dossier AB12CD\nDate : \tTue, 11 Mar 2025 09:12:00 +0100\nDe : \tClaims Desk <claims@issuer.example>\nPour : \tcontact@client.example\n\n\n\n",
    "thunderbird en": "-------- Forwarded Message --------\nSubject: \tVotre dossier AB12CD\nDate: \tTue, 11 Mar 2025 09:12:00 +0100\nFrom: \tClaims Desk <claims@issuer.example>\nTo: \tcontact@client.example\n\n",
    "thunderbird de": "-------- Weitergeleitete Nachricht --------\nBetreff: \tVotre dossier AB12CD\nDatum: \tTue, 11 Mar 2025 09:12:00 +0100\nVon: \tClaims Desk <claims@issuer.example>\nAn: \tcontact@client.example\n\n",
    "thunderbird es": "-------- Mensaje reenviado --------\nAsunto: \tVotre dossier AB12CD\nFecha: \tTue, 11 Mar 2025 09:12:00 +0100\nDe: \tClaims Desk <claims@issuer.example>\nPara: \tcontact@client.example\n\n",
    "thunderbird it": "-------- Messaggio Inoltrato --------\nOggetto: \tVotre dossier AB12CD\nData: \tTue, 11 Mar 2025 09:12:00 +0100\nMittente: \tClaims Desk <claims@issuer.example>\nA: \tcontact@client.example\n\n",
    "thunderbird nl": "-------- Doorgestuurd bericht --------\nOnderwerp: \tVotre dossier AB12CD\nDatum: \tTue, 11 Mar 2025 09:12:00 +0100\nVan: \tClaims Desk <claims@issuer.example>\nAan: \tcontact@client.example\n\n",
    "apple fr": "Début du message transféré :\n\nDe: Claims Desk <claims@issuer.example>\nObjet: Votre dossier AB12CD\nDate: 11 mars 2025 à 09:12:00 UTC+1\nÀ: contact@client.example\n\n",
    "apple en": "Begin forwarded message:\n\nFrom: Claims Desk <claims@issuer.example>\nSubject: Votre dossier AB12CD\nDate: 11 March 2025 at 09:12:00 CET\nTo: contact@client.example\n\n",
    "apple de": "Anfang der weitergeleiteten Nachricht:\n\nVon: Claims Desk <claims@issuer.example>\nBetreff: Votre dossier AB12CD\nDatum: 11. März 2025 um 09:12:00 MEZ\nAn: contact@client.example\n\n",
    "apple es": "Inicio del mensaje reenviado:\n\nDe: Claims Desk <claims@issuer.example>\nAsunto: Votre dossier AB12CD\nFecha: 11 de marzo de 2025, 9:12:00 CET\nPara: contact@client.example\n\n",
    "apple it": "Inizio messaggio inoltrato:\n\nDa: Claims Desk <claims@issuer.example>\nOggetto: Votre dossier AB12CD\nData: 11 marzo 2025 alle ore 09:12:00 CET\nA: contact@client.example\n\n",
    "apple nl": "Begin doorgestuurd bericht:\n\nVan: Claims Desk <claims@issuer.example>\nOnderwerp: Votre dossier AB12CD\nDatum: 11 maart 2025 om 09:12:00 CET\nAan: contact@client.example\n\n",
    "zimbra fr": '----- Mail transféré -----\nDe: "Claims Desk" <claims@issuer.example>\nÀ: "Claire" <contact@client.example>\nEnvoyé: Mardi 11 Mars 2025 09:12:00\nObjet: Votre dossier AB12CD\n\n',
    "proton": "------- Forwarded Message -------\nFrom: Claims Desk <claims@issuer.example>\nDate: On Tuesday, March 11th, 2025 at 9:12 AM\nSubject: Votre dossier AB12CD\nTo: contact@client.example <contact@client.example>\n\n",
}


@pytest.mark.parametrize("client", FORWARDS)
@pytest.mark.parametrize("note", ["", NOTE])
def test_the_forwarded_letter_is_the_letter(client: str, note: str) -> None:
    found = split(f"{note}\n\n{FORWARDS[client]}{DEMAND}".replace("\t", " "), "Fwd: Votre dossier AB12CD", zone=PARIS)
    assert found.own == DEMAND
    assert found.note == note
    assert found.forwarded is not None
    assert found.forwarded.sender is not None
    assert (found.forwarded.sender.name, found.forwarded.sender.addr) == ("Claims Desk", "claims@issuer.example")
    assert found.forwarded.subject == "Votre dossier AB12CD"
    assert found.forwarded.sent_at == datetime(2025, 3, 11, 9, 12, tzinfo=PARIS)
    assert not found.quoted


def test_apple_marks_every_line_of_what_it_forwards() -> None:
    marked = "\n".join(
        f"> {line}"
        for line in f"De: Claims Desk <claims@issuer.example>\nObjet: Dossier\nDate: 11 mars 2025 à 09:12:00 UTC+1\nÀ: x@client.example\n\n{DEMAND}".split(
            "\n"
        )
    )
    found = split(f"Début du message transféré :\n\n{marked}", "Tr: Dossier", zone=PARIS)
    assert found.own == DEMAND
    assert found.forwarded and found.forwarded.subject == "Dossier"


ATTRIBUTIONS = {
    "gmail fr": "Le mar. 11 mars 2025 à 09:12, Claims Desk <claims@issuer.example> a\nécrit :",
    "gmail en": "On Tue, Mar 11, 2025 at 9:12 AM Claims Desk <claims@issuer.example> wrote:",
    "gmail de": "Am Di., 11. März 2025 um 09:12 Uhr schrieb Claims Desk <\nclaims@issuer.example>:",
    "gmail es": "El mar, 11 mar 2025 a las 9:12, Claims Desk (<claims@issuer.example>) escribió:",
    "gmail it": "Il giorno mar 11 mar 2025 alle ore 09:12 Claims Desk <\nclaims@issuer.example> ha scritto:",
    "gmail nl": "Op di 11 mrt 2025 om 09:12 schreef Claims Desk <claims@issuer.example>:",
    "thunderbird fr": "Le 11/03/2025 à 09:12, Claims Desk <claims@issuer.example> a écrit :",
    "thunderbird de": "Am 11.03.25 um 09:12 schrieb Claims Desk <claims@issuer.example>:",
    "apple fr": "Le 11 mars 2025 à 09:12, Claims Desk <claims@issuer.example> a écrit :",
}
ANSWER = "Je conteste votre demande.\nCordialement,\nClaire"


@pytest.mark.parametrize("client", ATTRIBUTIONS)
@pytest.mark.parametrize("marked", [True, False])
def test_the_newest_words_are_the_letter_and_the_rest_is_history(client: str, marked: bool) -> None:
    history = "\n".join(f"> {line}".rstrip() for line in DEMAND.split("\n")) if marked else DEMAND
    found = split(f"{ANSWER}\n\n{ATTRIBUTIONS[client]}\n\n{history}\n", "Re: Votre dossier", answers=True, zone=PARIS)
    assert found.own == ANSWER
    assert [quote.text for quote in found.quoted] == [DEMAND]
    assert found.quoted[0].sender is not None
    assert found.quoted[0].sender.addr == "claims@issuer.example"
    assert found.quoted[0].sent_at == datetime(2025, 3, 11, 9, 12, tzinfo=PARIS)
    assert found.forwarded is None


@pytest.mark.parametrize("client", [name for name in FORWARDS if name.startswith("outlook")])
def test_the_same_outlook_header_under_an_answer_is_history(client: str) -> None:
    found = split(f"{ANSWER}\n\n{FORWARDS[client]}{DEMAND}", "RE: Votre dossier", answers=True, zone=PARIS)
    assert found.own == ANSWER
    assert [quote.text for quote in found.quoted] == [DEMAND]
    assert found.forwarded is None


def test_each_older_letter_of_a_thread_stands_for_itself() -> None:
    text = (
        "Troisième lettre.\n\nDe : A <a@x.example>\nEnvoyé : lundi 3 mars 2025 09:00\nÀ : B <b@y.example>\nObjet : RE: dossier\n\nDeuxième lettre.\n\n"
        "De : B <b@y.example>\nEnvoyé : dimanche 2 mars 2025 08:00\nÀ : A <a@x.example>\nObjet : dossier\n\nPremière lettre."
    )
    found = split(text, "RE: dossier", zone=PARIS)
    assert found.own == "Troisième lettre."
    assert [(q.text, q.sender and q.sender.addr) for q in found.quoted] == [
        ("Deuxième lettre.", "a@x.example"),
        ("Première lettre.", "b@y.example"),
    ]


def test_answers_below_and_between_the_quoted_lines_are_kept() -> None:
    text = "On Tue, 11 Mar 2025 at 09:12, Claims <claims@issuer.example> wrote:\n> Did you use the picture?\nNo, we did not.\n> Please pay 350 EUR.\nWe will not pay.\n"
    found = split(text, "Re: case", answers=True)
    assert "No, we did not." in found.own
    assert "We will not pay." in found.own
    assert "350" not in found.own
    assert "Please pay 350 EUR." in found.quoted[0].text


def test_a_signature_that_begins_like_an_attribution_stays() -> None:
    text = "Sans règlement, nous agirons.\n\nLe service Droits d'auteur\nPixWays\n\nLe 28/04/2014 18:05, Claire <contact@client.example> a écrit :\n> Nous ne paierons pas.\n"
    found = split(text, "RE: dossier", answers=True, zone=PARIS)
    assert found.own == "Sans règlement, nous agirons.\n\nLe service Droits d'auteur\nPixWays"
    assert found.quoted[0].text == "Nous ne paierons pas."


def test_a_mail_that_only_quotes_keeps_its_words() -> None:
    found = split(
        "On Tue, 11 Mar 2025 at 09:12, Claims <claims@issuer.example> wrote:\n> Please pay 350 EUR.\n> Case AB12CD\n> Regards\n",
        "Re: case",
    )
    assert "Please pay 350 EUR." in found.own
    assert found.quoted == ()


def test_a_forward_whose_client_marks_it_like_an_answer_is_a_forward() -> None:
    text = "Pour info, reçu ce matin.\n\n> De : Service juridique\n> Objet : Votre dossier\n>\n> Madame,\n> vous devez 350 €.\n> Le service"
    found = split(text, "Fwd: Votre dossier")
    assert found.own == "Madame,\nvous devez 350 €.\nLe service"
    assert found.note == "Pour info, reçu ce matin."
    assert found.forwarded is not None
    assert found.forwarded.subject == "Votre dossier"
    assert split(text, "Re: Votre dossier").own == "Pour info, reçu ce matin."
    assert split(text + "\n\nQu'en penses-tu ?", "Fwd: Votre dossier").own.endswith("Qu'en penses-tu ?")


def test_a_forward_that_its_client_introduces_like_an_answer_is_a_forward() -> None:
    text = "Pour suite à donner.\n\nLe 28/04/2014 18:05, Claims <claims@issuer.example> a écrit :\n> Madame,\n> vous devez 350 €.\n> Le service"
    found = split(text, "TR: Votre dossier")
    assert found.own == "Madame,\nvous devez 350 €.\nLe service"
    assert found.note == "Pour suite à donner."
    assert found.forwarded is not None
    assert found.forwarded.sender is not None
    assert found.forwarded.sender.addr == "claims@issuer.example"
    assert split(text, "RE: Votre dossier").own == "Pour suite à donner."
    assert split(text, "TR: Votre dossier", answers=True).own == "Pour suite à donner."
    assert split("Je vous écris. " * 40 + text, "TR: Votre dossier").own.endswith("Pour suite à donner.")


def test_a_forward_of_a_forward_is_read_to_the_innermost_letter() -> None:
    outer = "Pour info\n\n" + FORWARDS["outlook fr"].replace(
        "Votre dossier AB12CD", "TR: Votre dossier AB12CD"
    ).replace("claims@issuer.example", "colleague@client.example")
    found = split(f"{outer}Peux-tu regarder ?\n\n{FORWARDS['gmail fr']}{DEMAND}", "TR: TR: Votre dossier", zone=PARIS)
    assert found.own == DEMAND
    assert found.forwarded and found.forwarded.sender and found.forwarded.sender.addr == "claims@issuer.example"
    assert found.note == "Pour info\n\nPeux-tu regarder ?"


def test_a_forwarded_reminder_leaves_the_notice_it_quotes_as_history() -> None:
    reminder = f"Sans réponse de votre part, nous vous relançons.\n\nLe 1 mars 2025 à 09:12, Claims Desk <claims@issuer.example> a écrit :\n\n> {DEMAND.replace(chr(10), chr(10) + '> ')}"
    found = split(f"{NOTE}\n\n{FORWARDS['gmail fr']}{reminder}", "Fwd: dossier", zone=PARIS)
    assert found.own == "Sans réponse de votre part, nous vous relançons."
    assert [q.text for q in found.quoted] == [DEMAND]
    assert found.note == NOTE


@pytest.mark.parametrize(
    "text",
    [
        "Nous vous prions de :\n> payer 350 €\n> retirer l'image\nCordialement",
        "Le 11 mars 2025 notre agent a constaté les faits.\nDe : rien\nCordialement",
        "On 11 March 2025 our agent visited your site.\nHe wrote down what he saw:\nthe picture IMG-1 on your home page.",
        "Objet : mise en demeure\n\nMadame,\n\nDe la part de : la société X\nÀ : Paris\nLe : 12 mars 2025\n\nVous devez 350 €.",
        "Montant :\n-----------\n350 €\n-----------\nTotal : 350 €",
    ],
)
def test_a_letter_that_quotes_nobody_stays_whole(text: str) -> None:
    assert split(text, "Mise en demeure").own == text


def test_an_outlook_header_that_nothing_explains_under_a_short_note_is_a_forward() -> None:
    found = split(f"Bonjour, que faire ?\n\n{FORWARDS['outlook fr']}{DEMAND}", "Courrier reçu", zone=PARIS)
    assert found.own == DEMAND
    assert found.note == "Bonjour, que faire ?"


@pytest.mark.parametrize(
    "line",
    [
        "a: b\n",
        "> > > x\n",
        "On \n",
        "From: a@b.example\n",
        "-----Original Message-----\n",
        "\n",
        "De : x\nEnvoyé : y\n",
    ],
)
def test_many_lines_of_any_kind_are_read_in_one_pass(line: str) -> None:
    assert split(line * 19_000, "Re: x", answers=True) is not None
