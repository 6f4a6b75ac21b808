"""The day by which a letter wants its answer or its money (contract, deadline; domain study §F)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import re2

from inboxbot.issuers.kinds.calendar import rolled
from inboxbot.issuers.kinds.sentences import Piece, read_piece
from inboxbot.issuers.kinds.terms import Term, find_terms
from inboxbot.records import Passage

_LONGEST = timedelta(days=400)  # what lies further on is the end of a licence, not of a deadline

_WEEKDAY = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|"
    r"mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miercoles|jueves|viernes|sabado|lunedi|martedi|mercoledi|giovedi|venerdi|"
    r"sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
)
_FILL = rf"(?: ?(?:[:(«\"*-]|le|la|the|den|dem|am|zum|au|du|el|il|l'|lo|op|on|is|est|{_WEEKDAY}|date du|date of|minuit|midnight|einschlieslich|inclus),?)*"
_BY_DATE = re2.compile(
    r"\b(?:avant|au plus tard|d'ici|jusqu'(?:au|a)|pour|expir\w+|au-dela|passe|echeance|date limite|delai|terme|attendue?|limite|payable|"
    r"(?:reponse|reglement|paiement)(?: attendue?)?|"
    r"by|before|no(?:t)? later than|until|till|due(?: date)?|deadline|on or before|expires?|latest|reply by|payment by|"
    r"bis|spatestens|vor|frist|fristablauf|fallig|zahlungsziel|zahlungsfrist|zahlbar|antwortfrist|ablauf|"
    r"antes|hasta|a mas tardar|fecha limite|plazo|entro|oltre|scadenza|termine|voor|uiterlijk|tot(?: en met)?|termijn|vervaldatum)"
    rf"(?: (?:spatestens|bis|zum|de (?:reponse|paiement|reglement)|for (?:reply|payment|response)|fixee?s?|fur|ist|del?|e non oltre|and including))*{_FILL} ?$"
)
_AFTER_DATE = re2.compile(
    r"^,? ?\(?(?:au plus tard|dernier delai|terme de rigueur|delai de rigueur|at the latest|latest|spatestens|a mas tardar|al piu tardi|uiterlijk|inclus|final deadline)"
)
_BY_SPAN = re2.compile(
    r"\b(?:sous|dans|d'ici|delai|endeans|reste|disposez|avez|laisse|accord\w+|valable|"
    r"within|in|over|have|has|given?|allow|deadline|period|valid|of|no later than|"
    r"innerhalb|binnen|in|frist|haben|gultig|verbleiben|bleiben|setz\w+|"
    r"en|dentro|plazo|entro|termine|avete|termijn|uiterlijk|heeft)"
    r"(?: (?:un|une|le|la|les|l'|de|d'|du|donc|encore|que|delai|maximum|maximal|pour|vous|jusqu'a|the|next|coming|following|a|an|period|further|of|for|final|you|only|"
    r"einer?s?|von|den|der|die|nachsten|kommenden|folgenden|frist|letzte|maximal|ihnen|noch|also|"
    r"plazo|los|proximos|maximo|termine|di|gli|prossimi|entro|een|termijn|van|komende|aantal|:))* ?:? ?$"
)
_AFTER_SPAN = re2.compile(
    r"^,? ?\(?(?:a (?:compter|partir|reception|dater)|des reception|suivant|apres|au plus tard|(?:from|of|after|following|upon) (?:the |your |this )?(?:date|receipt|receiv\w+|this|today|now|letter|e-?mail|notice)|"
    r"ab (?:zugang|erhalt|datum|dem|heute|zustellung)|nach (?:zugang|erhalt|zustellung|datum|eingang)|desde|a partir|a contar|dal(?:la)?|a decorrere|vanaf|na (?:ontvangst|dagtekening)|pour (?:repondre|payer|regler|adresser|faire|nous|presenter)|to (?:reply|respond|pay|answer|settle|contact)|um )"
)
_ELSEWHERE = re2.compile(  # what concerns something else than the answer or the money
    r"prescri(?:ption|re|t)|\blimitation|verjahr|conserv(?:e|er|ees?|ation|ons) |retention|gespeichert|aufbewahr|\bstored\b|retract|widerruf|"
    r"(?:donnees|personal data|personenbezogen|rgpd|gdpr|dsgvo)|recidive|renouvel|nouveau manquement|suspension|procureur|"
    r"nous (?:vous )?(?:repond|revien|reviend)|(?:vous|et) repondra|reviendra(?:i)? vers vous|vous serez (?:informe|recontacte)|"
    r"we (?:will|shall|aim to|usually|endeavou?r to)(?: \w+)? (?:reply|respond|get back|answer|review|process|contact you)|"
    r"wir (?:melden|antworten|bearbeiten)|melden wir uns|werden wir (?:uns|ihnen|ihre)|bei ihnen melden|le responderemos|vi risponderemo|"
    r"audience|hearing|verhandlungstermin|emprisonnement|imprisonment|freiheitsstrafe"
)
_DISCOUNT = re2.compile(
    r"\b(?:remise|rabais|escompte|discount|early[ -](?:payment|settlement|bird)|reduced (?:amount|sum|rate|fee)|tarif (?:reduit|preferentiel)|rabatt|nachlass|skonto|"
    r"prompt payment|reduziert\w*|descuento|sconto|korting)\b"
)
_REMOVE = re2.compile(
    r"\b(?:retir\w+|supprim\w+|cess(?:er|ez)|remov\w+|tak(?:e|ing) (?:it |them |the \w+ )?down|delet\w+|entfern\w+|losch\w+|eliminar|rimuover\w*|verwijder\w*)\b"
)
_ANSWER = re2.compile(
    r"\b(?:repon\w+|repl(?:y|ies)|respon\w+|answer\w*|contact\w*|pay\w*|regl\w+|vers(?:er|ez|ement)|somme|montant|paiement|virement|settle\w*|justif\w+|produi\w+|licen[cs]\w+|preuve|proof|"
    r"provide|submit|zahl\w+|uberweis\w+|antwort\w*|ruckmeld\w+|nachweis\w*|stellung\w*|lizenz\w*|observations|indemnit\w+|accord|nouvelles|"
    r"responder|respuesta|pago|pagar|rispo\w+|pagamento|pagare|antwoord\w*|reager\w*|reactie|betal\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The letter's deadline: the strict day, the working day that it rolls to, its passage, and what is doubtful."""

    strict: date | None = None
    rolled: date | None = None
    passage: Passage | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Set:
    """A day that the letter sets, for what and with which words."""

    day: date
    term: Term
    answer: bool
    remove: bool
    quote: str
    source: str


def find_deadline(
    pieces: Sequence[tuple[str, str]],
    language: str | None,
    *,
    sent_on: date | None,
    own_date: date | None,
    country: str,
) -> Deadline:
    """Read the deadline of a letter's own words.

    `own_date` is the date that the letter carries, `sent_on` the mail's; holidays are those of `country` (ISO 3166).
    """
    anchor = own_date if own_date and (sent_on is None or own_date <= sent_on) else sent_on or own_date
    days = [each for source, text in pieces for each in _set_days(read_piece(source, text), language, anchor, country)]
    for wanted in (
        [each for each in days if each.answer],
        [each for each in days if not each.remove],
        days,
    ):
        chosen = [each for each in wanted if each.term.absolute] or wanted
        if chosen:
            return _agreed(chosen, country)
    return Deadline()


def _agreed(days: Sequence[_Set], country: str) -> Deadline:
    """The one day that is set, or a doubt."""
    distinct = sorted({each.day for each in days})
    if len(distinct) > 1:
        return Deadline(doubts=(f"the letter sets several deadlines: {', '.join(map(str, distinct))}",))
    first = days[0]
    rule = (
        "deadline: a date"
        if first.term.absolute
        else f"deadline: {first.term.count} × {first.term.unit} from the letter's date"
    )
    return Deadline(first.day, rolled(first.day, country), Passage(first.quote, first.source, rule))


def _set_days(piece: Piece, language: str | None, anchor: date | None, country: str) -> Iterator[_Set]:
    for term in find_terms(piece, language):
        sentence = piece.sentences[piece.sentence_at(term.start)]
        start, end = term.start - sentence.start, term.end - sentence.start
        if (
            not _is_set(sentence.text, start, end, term)
            or _ELSEWHERE.search(sentence.text)
            or _DISCOUNT.search(sentence.text)
        ):
            continue
        day = term.falls(anchor, country)
        if day is None or (anchor and not anchor <= day <= anchor + _LONGEST):
            continue
        answer = bool(_ANSWER.search(sentence.text))
        remove = bool(_REMOVE.search(sentence.text)) and not answer
        yield _Set(day, term, answer, remove, piece.quote(sentence), piece.source)


def _is_set(text: str, start: int, end: int, term: Term) -> bool:
    """Whether the words right before or behind the term make it a deadline."""
    lead, trail = text[max(start - 80, 0) : start], text[end : end + 60]
    if term.absolute:
        return bool(_BY_DATE.search(lead) or _AFTER_DATE.search(trail))
    return bool(_BY_SPAN.search(lead) or _AFTER_SPAN.search(trail))
