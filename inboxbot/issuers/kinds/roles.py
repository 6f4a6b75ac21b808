"""What the words around a sum make of it: the vocabulary of six languages, and the judgement that the nearest word speaks.

A cue speaks for the sum behind it (`before`), in front of it (`after`) or on either side (`beside`). The longest wording
wins where two begin together, so "proof of licence" or "frais inclus" keep their inner word from speaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import re2

from inboxbot.issuers.kinds.sentences import fold

Extra = tuple[tuple[str, tuple[str, ...]], ...]  # (kind, further phrases) of a room

KINDS = ("compensation", "licence", "fee", "net", "total", "other")

_VOCABULARY: dict[str, tuple[str, ...]] = {
    # --- asked for the past use
    "compensation_beside": (
        r"indemnit(?:é|és|aire)|indemnisations?|dédommagements?|dommages[- ]?(?:et[- ])?intérêts|préjudices?|réparations?|transactionnel(?:le)?s?|"
        r"utilisations? passées?|exploitations? passées?|usages? passés?|droits (?:d'auteur )?éludés|manque à gagner|atteinte (?:au|à)",
        r"compensation|damages|settlement|past (?:use|usage|infringement)|compensatory|indemnity|ex gratia|unauthori[sz]ed use|remedy|"
        r"(?:missed|lost|fictitious|hypothetical|evaded) licen[cs]e fees?",
        r"schadens?ersatz\w*|entschädigung\w*|lizenzschaden\w*|lizenzanalogie|fiktiven? lizenz\w*|entgangenen? lizenz\w*|vergleichs\w*|vergleich|"
        r"abgeltung\w*|vergütung|(?:bisherigen?|vergangenen?|unberechtigten?) nutzung|verletzung\w*|(?:verletzer)?zuschlag\w*|unterlassenen? urhebernennung",
        r"indemnización|compensación|resarcimiento|daños|uso pasado|risarcimento|indennizzo|indennità|danni|uso pregresso|schadevergoeding|"
        r"schikking\w*|vergoeding|schadeloosstelling|eerder gebruik",
    ),
    # --- a demand that does not say what for
    "demand_beside": (
        r"sommes?|montants?|règlements?|régl(?:er|ez|ant|é)|pay(?:er|ez|ant|able|ables)|paiements?|verse[rz]?|versant|versement|demand(?:e|es|ée|és|ons|er)|"
        r"réclam(?:e|ons|ée|ation|er)|virer|virement|acquitter|solde|propos(?:e|ons|er|ée|ition)|offre|prix|accept(?:e|er)|adresser|chèque|sollicit(?:e|ons)|due?s?",
        r"amounts?|sums?|pay(?:ing|ment|able)?|due|claims?|claimed|demand(?:ed)?|price|remit|transfer|offer|settle|invoice|cost",
        r"beträge?n?|summe|zahl(?:en|ung|bar|ungsbetrag)|überweis\w+|forder(?:n|ung)|höhe von|preis|kosten|angebot|begleich\w+|rechnungsbetrag|pauschal\w*",
        r"importe|cantidad|suma|pagar|pago|abonar|precio|importo|somma|pagare|pagamento|versare|prezzo|bedrag|betalen|betaling|voldoen|prijs",
    ),
    # --- also covers further use
    "licence_beside": (
        r"licences?|licenciement d'image|régularisation|utilisations? futures?|usages? futurs?|exploitations? futures?|"
        r"(?:garder|gardez|conserver|conservez|poursuivre|continuer|maintenir|laisser en ligne)(?: [\w']+){0,5}",
        r"licen[cs](?:e|es|ing)(?: fees?)?|future (?:use|usage)|(?:continue|keep|carry on|go on)(?: to)? us(?:e|ing)|further use|continued use|ongoing use",
        r"\w*lizenz(?:en|ierung|ierungsangebot|gebühr|gebühren|preis|kosten|angebot)?|(?:künftige|zukünftige|weitere) nutzung|"
        r"weiter(?:hin)? (?:zu )?(?:be)?nutzen|weiternutzung|weiterverwend\w+",
        r"licencias?|uso futuro|seguir (?:usando|utilizando)|licenza|licenze|uso futuro|continuare a(?:d)? (?:usare|utilizzare)|licenties?|"
        r"toekomstig gebruik|blijven gebruiken|licentievergoeding",
    ),
    "silent_beside": (
        r"sans (?:la |une |aucune )?(?:licence|autorisation)|(?:preuve|justificatif|copie|numéro|défaut|absence|titulaire|facture|détenteur) d[e'’] ?(?:la |une |votre |cette )?licence|"
        r"(?:d[ée]ten(?:ez|iez|ir)|poss[ée]d(?:ez|iez|er)|(?:avez|auriez|produire|produisez|justifier|justifiez) d?'?)(?: déjà| bien)? ?(?:une |la |d'une )?licence|aucune licence|"
        r"(?:la|votre|une) licence correspondante|bancaires?|total(?:ité|ement)",
        r"(?:without|no|proof of|valid|copy of|evidence of|hold|have|holding|existing|purchased|missing|lacking|any|your|such) (?:a |an |the |any |valid |appropriate |corresponding )?(?:valid )?licen[cs]e|unlicen[cs]ed|"
        r"totally",
        r"(?:ohne|keine|gültigen?|bestehenden?|nachweis (?:der|einer|über)|vorhandenen?|fehlenden?|erforderlichen?|entsprechenden?) (?:eine[nr]? )?lizenz|lizenznachweis\w*|lizenziert\w*",
        r"sin licencia|senza licenza|zonder licentie|prueba de la licencia|prova della licenza|bewijs van (?:de )?licentie",
    ),
    # --- costs of the file, the firm, the lawyer
    "fee_beside": (
        r"frais(?: (?:de|d'|du|des) ?\w+(?: \w+)?)?|honoraires|débours|constat(?: d'(?:huissier|agent))?|(?:commissaire|clerc) de justice|huissier",
        r"(?:handling|administrat\w+|file|filing|processing|case|legal|lawyers?'?s?|attorneys?'?s?|solicitors?'?s?|investigation|monitoring|collection|documentation|service|research|reminder|dunning|late)(?: \w+)? (?:fees?|costs?|charges?|expenses)|"
        r"fees? of (?:the|our) (?:lawyer|attorney|firm)|(?:legal|our) fees?",
        r"\w*(?:bearbeitungs|verwaltungs|anwalts|rechtsanwalts|mahn|abmahn|geschäfts|inkasso|dokumentations|ermittlungs|recherche|verfahrens|rechtsverfolgungs|aufwands)(?:gebühr|gebühren|kosten|pauschale|aufwand|kostenpauschale|vergütung)|"
        r"auslagen(?:pauschale)?|kostenpauschale|kostenerstattung|aufwendungsersatz|geschäftsgebühr\w*",
        r"gastos (?:de|administrativos|legales)\w*|honorarios|costas|spese(?: (?:di|legali|amministrative))?|onorari|diritti di segreteria|"
        r"(?:administratie|dossier|advocaat|incasso|behandelings|onderzoeks)kosten|honorarium",
    ),
    # --- the letter's own grand total
    "total_beside": (
        r"(?:au |un |soit (?:au |un )?|le |montant |indemnité |somme )?total(?:e|es)?(?: (?:à ce jour|général|dû|à (?:payer|régler)|ttc|t\.t\.c\.))?|net à payer|(?:somme|montant) global(?:e|es)?|"
        r"tous? frais (?:compris|inclus|confondus)|tout (?:compris|inclus)|frais(?: de \w+)?(?: \w+){0,2} (?:compris|inclus)|y compris (?:les )?frais(?: de \w+)?|"
        r"solde de tout compte|et les frais (?:exposés|engagés)|(?:comprenant|incluant|inclut|comprend)(?: [\w']+){0,4} frais(?: de \w+)?",
        r"(?:grand |in |sum |a )?total(?: (?:amount|sum|due|claim|payable))?|altogether|all[- ]in(?:clusive)?|all costs included|amount due in full|"
        r"(?:including|includes|inclusive of|incl\.?)(?: \w+){0,4} (?:fees?|costs?|charges?|expenses)|fees? (?:included|inclusive)|costs included",
        r"(?:insgesamt|gesamt\w*|zusammen|summe gesamt|in summe|endbetrag|alles inklusive)|"
        r"(?:einschließlich|inklusive|inkl\.?|incl\.?)(?: \w+){0,3} (?:\w*kosten|\w*gebühr(?:en)?|\w*pauschale)",
        r"importe total|en total|total|totale|in totale|complessiv\w+|totaal(?:bedrag)?|in totaal|(?:gastos|spese|kosten) (?:incluidos|incluse|inbegrepen)|inclusief(?: \w+){0,2} \w*kosten|todo incluido|tutto incluso",
    ),
    "total_before": (r"soit au total|soit (?:ensemble|globalement)",),
    # --- without tax
    "net_after": (
        r"h\.? ?t\.?|hors tax(?:e|es)|hors tva",
        r"(?:excl(?:\.|uding|usive of)?|plus|\+|before|net of|without) (?:vat|tax|taxes|sales tax)|ex\.? vat|net",
        r"netto|(?:zzgl\.?|zuzüglich|exkl\.?|ohne|plus)(?: der| die)?(?: gesetzlich\w*)?(?: \d{1,2} ?%)? ?(?:mwst|ust|mehrwertsteuer|umsatzsteuer)",
        r"(?:más|sin|\+) (?:el )?iva|iva (?:no incluido|excluido|aparte)|(?:più|\+|oltre|senza) iva|iva esclusa|excl(?:\.|usief) btw|exclusief btw",
    ),
    "net_before": (
        r"(?:montant|total|prix|sous-total|somme|indemnité|base) (?:h\.?t\.?|hors tax(?:e|es))|hors taxes?|ht",
        r"net (?:amount|total|price)|subtotal|amount (?:excl(?:\.|uding)|before) (?:vat|tax)|(?:total )?excl(?:\.|uding) vat",
        r"netto(?:betrag|summe|preis)?|zwischensumme(?: netto)?|base imponible|imponibile|subtotaal|excl\. btw",
    ),
    "gross_after": (
        r"t\.? ?t\.? ?c\.?|toutes taxes comprises",
        r"(?:incl(?:\.|uding|usive of)?) (?:\d{1,2} ?% ?)?(?:vat|tax|taxes)|vat included",
        r"brutto|(?:inkl\.?|inklusive|einschließlich|incl\.?)(?: der)?(?: gesetzlich\w*)?(?: \d{1,2} ?%)? ?(?:mwst|ust|mehrwertsteuer|umsatzsteuer)",
        r"iva incluid[oa]|iva inclusa|iva compresa|incl(?:\.|usief) btw|btw inbegrepen",
    ),
    # --- not asked (any more)
    "other_before": (
        r"(?:au )?capital(?: social)?(?: de)?|(?:dont )?(?:la )?(?:t\.?v\.?a\.?)(?: \(?\d{1,2}(?:[.,]\d)? ?%\)?)?|taxe sur la valeur ajoutée|"
        r"(?:d'une |une |l')?amendes?(?: \w+){0,3}|jusqu'à|maximum|au plus|plafond\w*|contravention\w*|passible\w*|encour\w+|puni(?:e|s|es)? de|peines?|"
        r"au lieu (?:de|des|du|d')|contre|initialement|demandions|avions (?:demandé|réclamé|proposé)|avait été (?:demandé|fixé)\w*|ramen(?:er|ons|é|ée|ant)(?: [\w']+){0,4} de|passe de|"
        r"(?:votre|vos|le|un|du) (?:virement|règlement|paiement|versement|chèque|acompte)(?: [\w°]+){0,3}|avons (?:bien )?(?:reçu|encaissé)(?: [\w']+){0,4}|réception (?:de|du) (?:votre |la |le )?(?:virement|règlement|paiement|somme)(?: de)?|"
        r"(?:votre|vos) (?:offre|proposition|contre-proposition)s?(?: \w+){0,4}|vous (?:proposez|offrez|offriez|dites|évoquez)|offrirait|proposait|"
        r"sera (?:alors )?(?:porté|portée|majoré|majorée|fixé)\w* (?:à|de)|porterons(?: [\w']+){0,4} à|passera à|remise de|réduction de|rabais de|escompte de|astreinte|clause pénale|article 700(?: [\w']+){0,7}|"
        r"il y est demandé|chiffre d'affaires|valeur du litige|enjeu du litige",
        r"share capital(?: of)?|(?:vat|sales tax)(?: \(?(?:at )?\d{1,2}(?:\.\d)? ?%\)?)?|up to|maximum(?: of)?|fines?(?: of)?|penalt(?:y|ies)(?: of)?|statutory damages|as much as|"
        r"instead of|rather than|down from|reduced from|originally|initially|previously|earlier (?:claim|demand|offer|request)(?: of)?|from|we had (?:asked|requested|claimed)(?: for)?|was|"
        r"your (?:payment|transfer|remittance|instalment|deposit)(?: of)?|(?:received|receipt of)(?: \w+){0,4}|your (?:offer|proposal|counter-?offer|suggestion)(?: \w+){0,3}|you (?:offer|offered|propose|proposed|suggest|suggested)(?: \w+){0,3}|"
        r"(?:will|shall|would) (?:rise|increase|go up|be (?:increased|raised))(?: \w+){0,2} to|increases? to|discount of|reduction of|rebate of|amount in dispute|value in dispute",
        r"stammkapital|grundkapital|(?:\d{1,2} ?% ?)?(?:mwst|ust|mehrwertsteuer|umsatzsteuer)\.?(?: \(?\d{1,2} ?%\)?)?|bis zu|maximal|höchstens|geldstrafe|bußgeld|ordnungsgeld|"
        r"statt|anstatt|anstelle(?: von)?|ursprünglich(?: \w+){0,3}|bisher|zunächst|vorher|(?:von|vom) bisher|ihre (?:zahlung|überweisung)(?: \w+){0,3}|(?:zahlungseingang|eingang)(?: \w+){0,3}|erhalten haben|"
        r"ihr (?:angebot|vorschlag|vergleichsangebot|gegenangebot)(?: \w+){0,4}|(?:von ihnen )?angebotenen?|erhöht sich(?: \w+){0,3} auf|nachlass von|rabatt von|streitwert|gegenstandswert|geschäftswert|vertragsstrafe",
        r"capital social|iva(?: \(?\d{1,2} ?%\)?)?|hasta|multa|máximo|en lugar de|en vez de|inicialmente|su (?:pago|transferencia|oferta)|descuento de|"
        r"capitale sociale|fino a|sanzione|massimo|invece di|anziché|inizialmente|vostr[oa] (?:pagamento|bonifico|offerta)|sconto di|maatschappelijk kapitaal|btw(?: \(?\d{1,2} ?%\)?)?|"
        r"tot (?:wel )?|boete|maximaal|in plaats van|oorspronkelijk|uw (?:betaling|bod|aanbod)|korting van|cuantía del litigio|valore della controversia",
    ),
    "other_after": (
        r"(?:de |d'\s?)?amendes?|d'emprisonnement|pour les personnes morales|(?:est|sont|a été|ont été) (?:retiré|abandonné|annulé|caduc|payé|réglé|versé|reçu|encaissé)\w*|(?:est|soit) arrivé\w*|(?:a été |est )?porté\w* au crédit|"
        r"(?:bien )?reçus?|déjà (?:payé|versé|réglé|perçu)\w*|initialement (?:réclamé|proposé|demandé)\w*|(?:précédemment|auparavant) \w+|de capital|de (?:remise|réduction|rabais|tva)|par jour de retard|au titre de l'article 700|sur le fondement de l'article 700|que vous (?:proposez|offrez|avez (?:proposé|offerts?|payé|versé)\w*)|au lieu de",
        r"(?:has|have) been (?:received|withdrawn|paid|credited|cancelled|dropped)|(?:is|are) (?:withdrawn|no longer \w+)|already paid|(?:was|were) (?:received|paid|originally \w+)|fines?|in fines|per day of delay|you (?:offered|proposed|suggested|paid|transferred)|share capital|discount|vat",
        r"(?:ist|sind|wurde|wurden|haben wir)(?: \w+){0,2} (?:eingegangen|erhalten|zurückgenommen|gezahlt|bezahlt)|eingegangen|bereits gezahlt\w*|wird zurückgenommen|nicht (?:mehr|länger) (?:gefordert|geltend)|ursprünglich \w+|geldstrafe|bußgeld|rabatt|nachlass|(?:mwst|ust|umsatzsteuer|mehrwertsteuer)",
        r"de multa|ya pagad\w+|retirad\w+|di multa|già (?:pagat|versat)\w+|ritirat\w+|boete|reeds betaald|ingetrokken|btw",
    ),
}
_UNIT = re2.compile(
    r"^\W{0,3}(?:(?:h\.?t\.?|t\.?t\.?c\.?)\W{0,2} ?)?\(?(?:(?:par|pour chaque|per|pro|je|por|per ogni|pour une) "
    r"(?:image|photo|photographie|cliche|visuel|oeuvre|ouvre|picture|photograph|bild|foto|lichtbild|werk|work|infringement|imagen|fotografia|"
    r"immagine|afbeelding|unite|page|site|domaine|domain|an|mois|year|month|jahr|monat)|l'unite|chacune?|each|apiece|jeweils|cada una?|"
    r"ciascuna?|elk|per stuk|piece)\b"
)
_TIMES = re2.compile(r"\d ?[x×*] ?$")
_ESCAPED = re2.compile(r"\\.|[^\\]+")


_SPLIT = (  # where one sum's words end and the next one's begin, the surest sign first
    re2.compile(r";|\b(?:ou bien|ou|or|oder|oppure|ofwel|alternatively|alternativement|respectivement|bzw)\b| / "),
    re2.compile(r"\(|=|\b(?:soit|i\.e\.|that is|also|mithin|das sind)\b"),
    re2.compile(r",|\b(?:et|and|und|y|e|en|puis|plus|zzgl|zuzuglich|majoree?)\b|\+| - "),
)
_ELSE = re2.compile(
    r"\b(?:faute de quoi|a defaut|sinon|sans quoi|otherwise|failing which|failing this|andernfalls|anderenfalls|sonst|de lo contrario|"
    r"altrimenti|anders|in caso contrario)\b"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A wording that says what a sum is, and where it stands in its sentence; `place` is before, after or beside."""

    start: int
    end: int
    kind: str  # one of KINDS, or demand, gross, silent
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Role:
    """What one printed sum is: its kind, how surely, and what it is said to be beside that.

    `surety`: 0 nothing is said, 1 it is demanded, 2 the text above says it, 3 its own clause does.
    """

    kind: str
    surety: int
    words: str = ""
    gross: bool = False
    unit: bool = False


def roles_in(text: str, spans: Sequence[tuple[int, int]], extra: Extra = ()) -> tuple[Role, ...]:
    """The role of each sum of one folded sentence; the spans of the sums are given left to right."""
    cues = cues_in(text, extra)
    roles: list[Role] = []
    low = 0
    for number, (start, end) in enumerate(spans):
        high = _parting(text, end, spans[number + 1][0]) if number + 1 < len(spans) else _stop(text, end)
        near = tuple(_heard(cues, start, end, low, high))
        role = _judged(text, start, end, near)
        if role.surety == 0 and roles:
            role = replace(role, kind=roles[-1].kind, surety=roles[-1].surety and 1, words=roles[-1].words)
        roles.append(role)
        low = high
    return tuple(roles)


_REACH = 140  # characters beyond which a cue says nothing about a sum
_TRAIL = 8  # how much nearer a cue must stand behind the sum than one in front of it
_WEIGHT = {"other": 15, "total": 40}  # how much further these may stand than the rest: they correct what is said nearer
_ADJACENT = {"net": 14, "gross": 14, "other": 45}


def _heard(cues: Sequence[Cue], start: int, end: int, low: int, high: int) -> Iterator[tuple[int, Cue]]:
    """(distance, cue) of what may speak for the sum between `start` and `end`."""
    for cue in cues:
        before = low <= cue.start and cue.end <= start and cue.place != "after"
        after = end <= cue.start < high and cue.place != "before"
        gap = start - cue.end if before else cue.start - end + (0 if cue.kind in _TAX else _TRAIL)
        if (before or after) and gap <= _ADJACENT.get(cue.kind, _REACH):
            yield gap, cue


_TAX = ("net", "gross")


def _judged(text: str, start: int, end: int, near: Sequence[tuple[int, Cue]]) -> Role:
    gross = any(cue.kind == "gross" for _, cue in near)
    unit = bool(_UNIT.search(text[end : end + 60]) or _TIMES.search(text[max(start - 6, 0) : start]))
    net = next((cue for _, cue in near if cue.kind == "net"), None)
    if net and not gross:
        return Role("net", 3, net.words, unit=unit)
    said = [(gap - _WEIGHT.get(cue.kind, 0), cue) for gap, cue in near if cue.kind in KINDS and cue.kind != "net"]
    if said:
        cue = min(said, key=lambda each: each[0])[1]
        return Role(cue.kind, 3, cue.words, gross, unit)
    demand = min((each for each in near if each[1].kind == "demand"), key=lambda each: each[0], default=None)
    if demand:
        return Role("compensation", 1, demand[1].words, gross, unit)
    return Role("compensation" if gross else "other", 1 if gross else 0, "", gross, unit)


def _parting(text: str, end: int, start: int) -> int:
    """Where, between two sums, the words for the first end and those for the second begin."""
    between = text[end:start]
    for pattern in _SPLIT:
        cuts = [match.start() for match in pattern.finditer(between)]
        if cuts:
            return end + int(cuts[-1])
    return end


def _stop(text: str, end: int) -> int:
    """Where the words for the last sum of a sentence end."""
    found = _ELSE.search(text, end)
    return int(found.start()) if found else len(text)


def cues_in(text: str, extra: Extra = ()) -> tuple[Cue, ...]:
    """The cues of one folded sentence, left to right; the longest of overlapping wordings counts."""
    found = [
        Cue(match.start(), match.end(), kind, place, match.group())
        for kind, place, pattern in _compiled(extra)
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda cue: (cue.start - cue.end, cue.start))
    kept: list[Cue] = []
    covered = bytearray(len(text))
    for cue in found:
        if not any(covered[cue.start : cue.end]):
            covered[cue.start : cue.end] = b"\1" * (cue.end - cue.start)
            kept.append(cue)
    return tuple(sorted(kept, key=lambda cue: cue.start))


@lru_cache(maxsize=16)
def _compiled(extra: Extra) -> tuple[tuple[str, str, re2._Regexp], ...]:
    options = re2.Options()
    options.longest_match = True
    vocabulary: dict[str, list[str]] = {name: list(phrases) for name, phrases in _VOCABULARY.items()}
    for kind, phrases in extra:
        vocabulary.setdefault(f"{kind}_beside", []).extend(phrases)
    made = []
    for name, wordings in vocabulary.items():
        kind, _, place = name.partition("_")
        plain = _ESCAPED.sub(
            lambda part: part.group() if part.group()[0] == "\\" else fold(part.group()), "|".join(wordings)
        )
        made.append((kind, place, re2.compile(rf"\b(?:{plain})\b", options)))
    return tuple(made)
