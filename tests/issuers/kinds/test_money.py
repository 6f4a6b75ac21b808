from __future__ import annotations

from decimal import Decimal

import pytest

from inboxbot.issuers.kinds.money import Sums, find_sums
from inboxbot.records import Amount

# What one sentence or one table says of its sums: "value kind", in the order printed.
SAID: dict[str, tuple[str, str]] = {
    # --- the parts of a demand
    "fr compensation": ("Vous verserez à mon client une indemnité transactionnelle de 850,00 €.", "850 compensation"),
    "fr with tax and without": (
        "L'indemnité est fixée à 389,59 euros TTC (324,66 € HT).",
        "389.59 compensation, 324.66 net",
    ),
    "fr without tax first": ("Nous demandons 495 € HT, soit 594 € TTC.", "495 net, 594 compensation"),
    "fr tax mark without currency": ("C'est 500 € HT / 600 TTC.", "500 net, 600 compensation"),
    "fr file costs on top": (
        "Une indemnité de 850 € TTC, majorée de 90 € TTC de frais de dossier, soit 940 € TTC.",
        "850 compensation, 90 fee, 940 total",
    ),
    "fr costs included": ("Merci de régler 960 € TTC à titre d'indemnité, frais de dossier inclus.", "960 total"),
    "fr costs in a later sentence": (
        "Elle réclame 348 €. Ce montant comprend 25 € de frais de rappel.",
        "348 total, 25 fee",
    ),
    "fr per image": ("Nous demandons 250 € par image, soit 500 € pour les deux.", "250 compensation, 500 compensation"),
    "fr past or future": (
        "Vous ôtez la photo et versez 360 €, ou bien vous la gardez un an et versez 540 €.",
        "360 compensation, 540 licence",
    ),
    "fr moral right": ("L'atteinte à la paternité est évaluée à 300 €.", "300 compensation"),
    "en options": (
        "Option 1: a licence for one year at €389.59. Option 2: compensation of €350.00.",
        "389.59 licence, 350 compensation",
    ),
    "en licence and compensation behind": (
        "Please pay 389.59 EUR (licence) or 350.00 EUR (compensation).",
        "389.59 licence, 350 compensation",
    ),
    "en keep or remove": (
        "Pay EUR 640 if you remove the picture, or EUR 726 if you keep it online.",
        "640 compensation, 726 licence",
    ),
    "en damages on a licence basis": (
        "We claim damages on the footing of a reasonable licence fee, namely £640.",
        "640 compensation",
    ),
    "en legal costs": ("Our client seeks damages of £350 and our legal costs of £180.", "350 compensation, 180 fee"),
    "en administrative charge": ("An administration fee of EUR 45.00 will be charged.", "45 fee"),
    "en tax excluded": ("The fee for the past use is EUR 260.00 excluding VAT.", "260 net"),
    "en plus tax": ("Our fee note is for £480 plus VAT of £96.", "480 net, 96 other"),
    "de damages": ("Wir fordern Schadensersatz in Höhe von 350,00 EUR.", "350 compensation"),
    "de licence analogy": ("Nach den Grundsätzen der Lizenzanalogie sind 480,00 € zu zahlen.", "480 compensation"),
    "de later licence": ("Die Nachlizenzierung kostet 389,59 €.", "389.59 licence"),
    "de lawyer": ("Hinzu kommen Rechtsanwaltskosten von 159,94 EUR.", "159.94 fee"),
    "de with and without tax": (
        "Der Betrag lautet 550 EUR zuzüglich 20 % MwSt., mithin 660 EUR.",
        "550 net, 660 compensation",
    ),
    "de keep the picture": (
        "Für 230 € ist die Sache erledigt, für 262 € dürfen Sie das Bild behalten.",
        "230 compensation, 262 licence",
    ),
    "es two ways": (
        "Puede elegir entre la licencia por 250,49 € o la indemnización de 220,00 €.",
        "250.49 licence, 220 compensation",
    ),
    "it two ways": ("Licenza 312,40 €, oppure risarcimento 275,00 €.", "312.40 licence, 275 compensation"),
    "nl two ways": (
        "U betaalt de licentie (€ 389,59) dan wel de schadevergoeding (€ 350,00).",
        "389.59 licence, 350 compensation",
    ),
    # --- not asked, or not any more
    "fr share capital": ("SAS au capital de 15 000 €, RCS Lyon.", "15000 other"),
    "fr fine": (
        "La contravention est punie d'une amende de 1 500 € (7 500 € pour une personne morale).",
        "1500 other, 7500 other",
    ),
    "fr prison": (
        "Le délit de contrefaçon est puni de trois ans d'emprisonnement et de 300 000 euros d'amende.",
        "300000 other",
    ),
    "fr tax alone": ("TVA 20 % : 124,66 €", "124.66 other"),
    "fr tax in brackets": ("Avec la TVA (204 €), le total s'élève à 1 224 € TTC.", "204 other, 1224 total"),
    "fr earlier": ("Au lieu des 2 160 € TTC de février, nous vous proposons 1 200 €.", "2160 other, 1200 compensation"),
    "fr demanded before": ("Par courrier du 12 mai, je vous demandais la somme de 780 €.", "780 other"),
    "fr from and to": ("Elle ramène sa demande de 1.080,00 euros à 700,00 euros.", "1080 other, 700 compensation"),
    "fr withdrawn": ("La demande de 390 € TTC est retirée.", "390 other"),
    "fr paid": ("Nous accusons réception de votre virement de 600,00 € TTC.", "600 other"),
    "fr offered": ("Votre proposition de 100 € ne peut être acceptée.", "100 other"),
    "fr threatened": ("Sans réponse, la somme sera portée à 750 €.", "750 other"),
    "fr court": (
        "Il y sera demandé 3 500 € au titre des droits patrimoniaux et 3 000 € au titre de l'article 700.",
        "3500 other, 3000 other",
    ),
    "fr range": ("Les réclamations vont de 400 à 1 500 euros.", "400 other, 1500 other"),
    "fr usual price": ("Le tarif habituel est de 310 €.", "310 other"),
    "en instead": ("She will accept £250 instead of £480.", "250 compensation, 480 other"),
    "en up to": ("A court may award statutory damages of up to $150,000 per work.", "150000 other"),
    "en received": ("We have received your payment of €298.00.", "298 other"),
    "en no longer": ("The sum of 350.00 EUR is no longer requested.", "350 other"),
    "de instead": ("Sie zahlen 180,00 € statt der ursprünglich verlangten 350,00 €.", "180 compensation, 350 other"),
    "de value in dispute": ("Der Streitwert beträgt 6.000,00 EUR.", "6000 other"),
    "de lowered": ("Der Betrag von 214,20 € wird auf 110,00 € herabgesetzt.", "214.20 other, 110 compensation"),
    "de paid": ("Ihre Überweisung über 310,00 EUR ist bei uns eingegangen.", "310 other"),
    "es from and to": ("La fotógrafa rebaja la indemnización de 350,00 € a 230,00 €.", "350 other, 230 compensation"),
    "it instead": ("Il mio cliente chiude con 300 € anziché 700 €.", "300 compensation, 700 other"),
    "nl offered": ("Uw tegenvoorstel van 50 euro wijst de klant af.", "50 other"),
    # --- negations and proofs that name a licence without offering one
    "fr proof of a licence": ("À défaut de preuve de licence, réglez 350 €.", "350 compensation"),
    "fr no licence": ("Vous n'avez aucune licence et devez donc 350 €.", "350 compensation"),
    "en either prove or pay": ("Either send us your licence or pay £350.", "350 compensation"),
    "de licence shown": ("Legen Sie uns eine Lizenz vor oder zahlen Sie 350 €.", "350 compensation"),
    "fr a pretended fine": ("Votre amende forfaitaire s'élève à 135,00 € à payer aujourd'hui.", "135 compensation"),
    "de nachträglich": ("Sie können die Nutzung nachträglich lizenzieren. Der Preis beträgt 312 Euro.", "312 licence"),
    "fr court order": ("Condamner la société à payer 3 500 euros et 2 000 euros.", "3500 other, 2000 other"),
    "fr risen": ("La somme passe de 780 € à 860 €, compte tenu de 80 € de frais.", "780 other, 860 total, 80 fee"),
    "fr price list": ("1.400 € correspondent au barème de ma cliente pour une page, une année.", "1400 other"),
    "en in court": ("Pay GBP 420 or we will demand 900 pounds.", "420 compensation, 900 other"),
}

TABLES: dict[str, tuple[str, str]] = {
    "labels and sums": (
        "Indemnité   300,00 €\nFrais de dossier   80,00 €\nTotal HT   380,00 €\nTVA 20 %   76,00 €\nTotal TTC   456,00 €",
        "300 net, 80 net, 380 net, 76 other, 456 total",
    ),
    "dots between": (
        "indemnité ................ 324,00 € TTC\nhonoraires ............... 216,00 € TTC\nensemble ................. 540,00 € TTC",
        "324 compensation, 216 fee, 540 total",
    ),
    "columns": (
        "Poste   HT   TVA   TTC\nIndemnité   300,00 €   60,00 €   360,00 €",
        "300 net, 60 other, 360 compensation",
    ),
    "currency in the head": (
        "Item   GBP\nDamages   640.00\nOur costs   180.00\nTotal   820.00",
        "640 compensation, 180 fee, 820 total",
    ),
    "columns of choices": (
        "CASE   LICENCE   COMPENSATION\nJ5Y8VW   389.59 €   350.00 €",
        "389.59 licence, 350 compensation",
    ),
    "flattened, label by label": (
        "Montant HT\n324,66 €\nTVA\n64,93 €\nTotal TTC\n389,59 €",
        "324.66 net, 64.93 other, 389.59 total",
    ),
    "flattened, labels first": ("Licence\nDédommagement\n389,59 €\n350,00 €", "389.59 licence, 350 compensation"),
    "a sum without a word": (
        "Lizenz   302,26 EUR\nMahnkosten   10,00 EUR\n----------\n   312,26 EUR",
        "302.26 licence, 10 fee, 312.26 total",
    ),
    "options on lines": (
        "Option 1, licence, douze mois : 389,59 €\nOption 2, dédommagement : 350,00 €",
        "389.59 licence, 350 compensation",
    ),
    "what will be claimed": (
        "L'assignation tend à vous voir condamner :\nau titre de la boutique   1.500 €\nau titre de l'étiquette   4.000 €",
        "1500 other, 4000 other",
    ),
}

ASKED: dict[str, tuple[str, str | None]] = {
    "the only sum": ("Merci de régler la somme de 720 €.", "720"),
    "a compensation beats a licence": ("Prenez la licence (389,59 €) ou versez le dédommagement (350,00 €).", "350"),
    "only a licence is offered": ("If you have none, a retroactive licence costs EUR 297.50.", "297.50"),
    "a total beats its parts": ("Indemnité : 850 €\nFrais de dossier : 90 €\nTotal : 940 €", "940"),
    "with tax beats without": ("Vous réglerez 700 € HT, soit 840 € TTC.", "840"),
    "only without tax": ("Nous demandons 310 € HT.", "310"),
    "lowered": ("Vous dites : 100 €.\nNotre cliente répond : 220 € TTC au lieu de 480 €.", "220"),
    "a settlement beside what is upheld": (
        "We uphold the demand of 780.00 EUR and suggest a settlement at 600.00 EUR.",
        "600",
    ),
    "full and final": (
        "Damages are put at GBP 540. An uplift of GBP 270 is due. A single payment of GBP 800 will be taken in full and final settlement.",
        "800",
    ),
    "a discount for the quick": (
        "La somme due est de 350 €. Une remise de 20 % (soit 280 €) vous est accordée si vous réglez sous huit jours.",
        "350",
    ),
    "a rise that is only threatened": (
        "Le montant est de 594 € TTC. Sans nouvelles, il sera porté à 750 € TTC.",
        "594",
    ),
    "a rise that has come": ("La somme à régler passe de 780 € à 860 € TTC.", "860"),
    "per image with a count": ("Nous demandons 250 € par image, soit 500 € pour les deux.", "500"),
    "parts without a total": ("Il vous est réclamé :\n- impression : 700 €\n- web : 250 €\n- objets : 450 €", None),
    "a sum and costs without a total": ("Wir fordern Schadensersatz von 324,80 EUR und Mahnkosten von 5,00 EUR.", None),
    "costs that are inside": (
        "We claim EUR 900 including all taxes, in which the file costs (EUR 120) are comprised.",
        "900",
    ),
    "costs that only come later": (
        "Zahlen Sie 412,50 €. Dann entstehende Anwaltskosten von 250 € kämen hinzu.",
        "412.50",
    ),
    "paid already": ("Votre virement de 1 500 € est arrivé ce matin. Le dossier est clos.", None),
    "withdrawn": ("La demande de 390 € est retirée et le dossier refermé.", None),
    "dropped in German": ("Wir nehmen unsere Forderung über 420 EUR zurück und haben die Akte geschlossen.", None),
    "only what the law threatens": ("L'amende peut atteindre 1 500 €, ou 7 500 € pour une société.", None),
    "only per image": ("Le tarif appliqué est de 110 € par image.", None),
    "no sum": ("Merci de nous écrire.", None),
    "not arrived": ("La somme de 1 150 € TTC n'est pas parvenue à mon cabinet. Je vous prie de la régler.", "1150"),
    "with tax in German": ("Bitte bezahlen Sie 300 € inklusive Steuer bis zum 14. März.", "300"),
    "each bears its own costs": ("Ma cliente propose 1 050 €, chacun gardant ses frais.", "1050"),
    "a part of it": ("Réglez 925 €, comprenant l'usage passé et 200 € au titre de l'atteinte au droit moral.", "925"),
    "ready to settle": ("Gefordert waren 1.400 EUR. Ich wäre ermächtigt, mich bei 1.000 EUR zu vergleichen.", "1000"),
    "an old claim revives": ("240 € sind zu zahlen. Sonst lebt die ursprüngliche Forderung (350 €) wieder auf.", "240"),
    "asked for more": ("We asked for 380 € and will take 200 € to close the file.", "200"),
    "with the charge": ("GBP 310 was asked. Pay GBP 395 (the former sum plus the reminder charge) by 3 May.", "395"),
    "asked again": ("Je vous demandais 270 €. Je vous les demande encore, à recevoir sous huit jours.", "270"),
    "costs that make the sum": ("Il réclame 195 € TTC, frais de dossier en sus (45 € TTC), soit 240 €.", "240"),
    "a balance": ("Indemnité 600 €\nFrais de dossier 72 €\nAcompte reçu le 20/11/2023 - 200 €\nReste dû 472 €", "472"),
    "cards of so much": ("Payez 650 € en recharges (13 tickets de 50 €).", "650"),
    "else more": ("Debe pagar 300 EUR en 24 horas. Si no paga serán 600 EUR y denuncia.", "300"),
    "offered by the other side": ("Votre client m'offre, par votre voix, 250 €. Elle veut 540 € TTC.", "540"),
    "cleared": ("We confirm cleared funds of £450 in our client account. Nothing else is needed.", None),
    "paid by the client": ("Votre cliente a réglé 1 100 € le 27 juin, ce dont je vous donne acte.", None),
}


def _find(text: str, language: str | None = None) -> Sums:
    return find_sums([("body", text)], language)


def _kinds(sums: Sums) -> str:
    return ", ".join(f"{amount.value.normalize():f} {amount.kind}" for amount in sums.amounts)


def _plain(said: str) -> str:
    return ", ".join(
        f"{Decimal(value).normalize():f} {kind}" for value, kind in (each.split() for each in said.split(", "))
    )


@pytest.mark.parametrize("what", SAID)
def test_the_words_around_a_sum_tell_what_it_is(what: str) -> None:
    text, kinds = SAID[what]
    assert _kinds(_find(text)) == _plain(kinds)


@pytest.mark.parametrize("what", TABLES)
def test_the_place_in_a_table_tells_what_a_sum_is(what: str) -> None:
    text, kinds = TABLES[what]
    assert _kinds(_find(text)) == _plain(kinds)


@pytest.mark.parametrize("what", ASKED)
def test_the_sum_that_closes_the_matter_is_found(what: str) -> None:
    text, amount = ASKED[what]
    found = _find(text)
    assert found.amount == (amount and Decimal(amount))
    assert (found.currency is None) == (amount is None)
    assert (found.passage is None) == (amount is None)


@pytest.mark.parametrize("what", ["parts without a total", "a sum and costs without a total", "only per image"])
def test_a_doubt_is_said_in_words(what: str) -> None:
    assert [doubt for doubt in _find(ASKED[what][0]).doubts if "the letter" in doubt]


def test_the_passage_quotes_the_sentence_its_source_and_the_rule() -> None:
    pieces = [
        ("subject", "Dossier 4711"),
        ("attachment:lettre.pdf", "Bonjour.\nVous devez la somme\nde 720 € TTC. Merci."),
    ]
    passage = find_sums(pieces, "fr").passage
    assert passage is not None
    assert (passage.quote, passage.source) == ("Vous devez la somme de 720 € TTC.", "attachment:lettre.pdf")
    assert passage.rule.startswith("money: ")


def test_a_sum_in_several_pieces_is_one() -> None:
    found = find_sums([("subject", "Rappel : 720 €"), ("body", "L'indemnité de 720 € reste due.")], "fr")
    assert found.amounts == (Amount(Decimal("720.00"), "EUR", "compensation"),)


def test_a_room_may_add_words() -> None:
    text = "Der Ausgleichsbeitrag nach Tabelle 7 beläuft sich auf 90 €."
    assert _kinds(find_sums([("body", text)], "de", {"fee": [r"Ausgleichsbeitr\w+"]})) == "90 fee"


def test_no_language_is_no_obstacle() -> None:
    assert _find("Wir fordern zweitausend Euro Schadensersatz.").amount == Decimal("2000.00")


@pytest.mark.parametrize(
    "text",
    ["350 €\n" * 30_000, "licence de 350 € ou " * 9_000, "a  350 €  400 €\n" * 12_000],
    ids=["rows", "one sentence", "a table"],
)
def test_a_text_of_nothing_but_sums_is_read_in_bounds(text: str) -> None:
    assert len(_find(text).amounts) <= 200
