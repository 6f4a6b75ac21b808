from __future__ import annotations

from decimal import Decimal

import pytest

from inboxbot.issuers.kinds.sentences import read_piece
from inboxbot.issuers.kinds.sums import find_printed

PRINTED = {
    "389,59 €": ["389.59 EUR"],
    "€350.00": ["350.00 EUR"],
    "€ 350": ["350.00 EUR"],
    "350€": ["350.00 EUR"],
    "EUR 1.250,00": ["1250.00 EUR"],
    "EUR1250": ["1250.00 EUR"],
    "1 850 €": ["1850.00 EUR"],
    "12 345 678,90 €": [],  # beyond ten million it is no demand
    "1.250,- EUR": ["1250.00 EUR"],
    "350.-- €": ["350.00 EUR"],
    "CHF 1’250.–": ["1250.00 CHF"],
    "CHF 1'250.50": ["1250.50 CHF"],
    "1 250.- francs suisses": ["1250.00 CHF"],
    "Fr. 480.–": ["480.00 CHF"],
    "US$ 1,250": ["1250.00 USD"],
    "$1,250.00": ["1250.00 USD"],
    "$ 1.250,00 CAD": ["1250.00 CAD"],
    "C$950": ["950.00 CAD"],
    "£750": ["750.00 GBP"],
    "750 pounds": ["750.00 GBP"],
    "DKK 3,437.50": ["3437.50 DKK"],
    "500 euros": ["500.00 EUR"],
    "940,00 euros T.T.C.": ["940.00 EUR"],
    "1,5 k€": ["1500.00 EUR"],
    "300 000 euros": ["300000.00 EUR"],
    "Betrag:350,00€": ["350.00 EUR"],
    "n° 0000412 de 640,00 euros": ["640.00 EUR"],
    "l'amende de 80€ sinon": ["80.00 EUR"],
    "2 x 250 € = 500 €": ["250.00 EUR", "500.00 EUR"],
    "2x250€": ["250.00 EUR"],
    "389,59 euros TTC (324,66 € HT)": ["389.59 EUR", "324.66 EUR"],
    "500 € HT / 600 TTC": ["500.00 EUR", "600.00 EUR"],
    "275 euros, instead of 550": ["275.00 EUR", "550.00 EUR"],
    "image 2 389,59 €": ["389.59 EUR"],
    "du 12/03/2025 350,00 €": ["350.00 EUR"],
    "mars 2025 350 €": ["350.00 EUR"],
    "Dossier 22-034 389,59 €": ["389.59 EUR"],
    "deux mille euros": ["2000.00 EUR"],
    "mille deux cents euros (1.200,00 €)": ["1200.00 EUR"],
    "EUR 1.250,00 (in Worten: eintausendzweihundertfünfzig Euro)": ["1250.00 EUR"],
    "zweitausend Euro": ["2000.00 EUR"],
    "three hundred and fifty euros": ["350.00 EUR"],
    "duemila euro": ["2000.00 EUR"],
    "driehonderdvijftig euro": ["350.00 EUR"],
    "mil doscientos euros": ["1200.00 EUR"],
}

UNPRINTED = {
    "an account": "IBAN FR76 3000 4000 0312 3456 7890 143 EUR",
    "a telephone": "01 99 00 41 20",
    "a register": "SIREN 552 100 554, RCS Paris B 552 100 554",
    "a case": "Dossier n° 316 96 512 3 744 6",
    "a year": "depuis 2019, l'euro",
    "an article": "article 700 du Code de procédure civile",
    "a share": "20 % de TVA",
    "a picture": "1920 x 1080 px",
    "an address": "https://shop.example/350€/eur-500",
    "an indefinite number": "un euro symbolique",
    "a host": "arcom.fr. 8 rue",
}

WRAPPED = {
    "before the currency": (
        "Nous vous demandons de régler dans les meilleurs délais la somme de 1 850\n€ TTC.",
        ["1850.00 EUR"],
    ),
    "behind the currency": (
        "We ask you to pay within ten days the following amount of EUR\n350.00 in all.",
        ["350.00 EUR"],
    ),
    "inside the number": (
        "La créance que vous ne contestez plus reste fixée à la somme de 1\n850,55 € à ce jour.",
        ["1850.55 EUR"],
    ),
}


def _read(text: str, language: str | None = None) -> list[str]:
    return [f"{each.value} {each.currency}" for each in find_printed(read_piece("body", text), language)]


@pytest.mark.parametrize("text", PRINTED)
def test_a_sum_is_read_as_printed(text: str) -> None:
    assert _read(text) == PRINTED[text]


@pytest.mark.parametrize("what", UNPRINTED)
def test_no_sum_is(what: str) -> None:
    assert _read(UNPRINTED[what]) == []


@pytest.mark.parametrize("where", WRAPPED)
def test_a_line_may_break(where: str) -> None:
    text, sums = WRAPPED[where]
    assert _read(text) == sums


def test_a_row_of_a_list_goes_on_in_no_other() -> None:
    assert _read("Image 1 : 100\n250 €") == ["250.00 EUR"]


@pytest.mark.parametrize(
    "text",
    [
        "400–1 500 euros",
        "400 à 1 500 euros",
        "entre 400 et 1 500 €",
        "between €400 and €1,500",
        "von 400 bis 1.500 Euro",
        "from $400 to $1,500",
    ],
)
def test_both_ends_of_a_range_are_read(text: str) -> None:
    found = find_printed(read_piece("body", text), None)
    assert [(each.value, each.of_range) for each in found] == [(Decimal(400), True), (Decimal(1500), True)]


@pytest.mark.parametrize("text", ["€350 and €389.59", "de 1.080,00 euros à 700,00 euros", "350 € ou 389,59 €"])
def test_two_sums_are_not_a_range(text: str) -> None:
    assert [each.of_range for each in find_printed(read_piece("body", text), None)] == [False, False]


@pytest.mark.parametrize(
    "text", ["1 1 1 " * 7000, "€ € € " * 7000, "111 111 111 " * 3500, "350 € " * 7000, "euro euro " * 4000]
)
def test_only_so_many_sums_are_read(text: str) -> None:
    assert len(find_printed(read_piece("body", text), None)) <= 200
