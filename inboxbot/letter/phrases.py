"""The words of mail clients in French, English, German, Spanish, Italian and Dutch: printed headers, marks, footers."""

from __future__ import annotations

HEADER_WORDS = {
    "sender": "from|de|von|da|van|expéditeur|absender|remitente|mittente|afzender",
    "date": "date|sent|datum|gesendet|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviados|fecha|inviato|data|verzonden|"
    "received|sent at|le|sent on|date de réception",
    "to": "to|à|a|an|para|aan|pour|destinataire|empfänger|destinatario",
    "subject": "subject|objet|sujet|betreff|asunto|oggetto|onderwerp",
    "other": "cc|cci|bcc|cco|ccn|kopie|copie|copie à|copia|blindkopie|reply-to|répondre à|antwort an|responder a|rispondi a|"
    "antwoord aan|importance|wichtigkeit|priority|attachments|pièces jointes|anlagen|organisation|organization",
}

FORWARDED = (
    "forwarded message|begin forwarded message|forwarded by|"
    "message transféré|début du message transféré|début du message réexpédié|mail transféré|courriel transféré|message réacheminé|"
    "weitergeleitete nachricht|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|weitergeleitete mail|"
    "mensaje reenviado|inicio del mensaje reenviado|"
    "messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato|"
    "doorgestuurd bericht|begin doorgestuurd bericht"
)

ORIGINAL = (
    "original message|message d'origine|message original|message initial|mail original|courriel original|"
    "ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche e-mail|"
    "mensaje original|messaggio originale|oorspronkelijk bericht|origineel bericht|original email|e-mail d'origine"
)

ATTRIBUTIONS = (
    r"on .+ wrote",
    r"le .+ a écrit",
    r"am .+ schrieb.*",
    r"el .+ escribió",
    r"il .+ ha scritto",
    r"op .+ (?:schreef|heeft) .+",
    r"op .+ schreef",
    r".+ (?:wrote|schrieb|schreef) (?:on|am|op) .+",
    r".+@.+ (?:wrote|a écrit|schrieb|escribió|ha scritto|schreef)",
)

FORWARD_PREFIXES = (
    "fw",
    "fwd",
    "tr",
    "wg",
    "rv",
    "rv.",
    "i",
    "inoltra",
    "doorst",
    "fwd.",
    "enc",
    "weitergeleitet",
    "transféré",
)
REPLY_PREFIXES = ("re", "aw", "r", "rif", "ref", "sv", "antw", "réf", "rép", "betr")

# A plain part that only sends the reader to the HTML part.
SAYS_NOTHING = (
    r"(?:view|read|see|display|open).{0,60}\bhtml|html.{0,40}(?:e-?mail|mail|message|version|format|client|viewer|capable|support)|"
    r"(?:nécessite|afficher|lire|visualiser|voir|consulter).{0,60}\bhtml|ne (?:supporte|prend|peut|lit).{0,40}\bhtml|"
    r"html-?(?:ansicht|format|fähig|darstellung|version)|(?:unterstützt|anzeigen|darstellen).{0,40}\bhtml|"
    r"(?:ver|visualizar|leer).{0,40}\bhtml|(?:visualizzare|leggere|vedere).{0,40}\bhtml|(?:bekijk|lees|weergeven).{0,40}\bhtml|"
    r"view (?:this|it|the).{0,30}(?:browser|online)|(?:dans|avec) (?:votre|un) navigateur|im browser (?:anzeigen|ansehen|öffnen)"
)

# A paragraph that any mail may end with; each alternative needs two of its words, so that a letter's own is not taken for one.
BOILERPLATE = (
    r"confidenti.*(?:recipient|destinat|addressee|intended|autoris|sender|error|erreur|disclos)|"
    r"(?:intended|exclusive).*(?:recipient|addressee).*(?:error|delete|disclos|copy|notify)|"
    r"vertraulich.*(?:empfänger|adressat|irrtümlich|absender)|"
    r"(?:irrtümlich|nicht der richtige adressat).*(?:vernichten|löschen|absender)|"
    r"(?:destinataire|expéditeur).*(?:erreur|détrui|supprim)|"
    r"confidencial.*(?:destinatari|remitente|error)|riservat.*(?:destinatari|mittente|errore)|"
    r"vertrouwelijk.*(?:geadresseerde|ontvanger|afzender|vergissing)|"
    r"(?:environment|environnement|umwelt|medio ambiente|ambiente|milieu).*(?:print|imprim|druck|stampa|afdruk)|"
    r"(?:print|imprim|druck|stampa|afdruk).*(?:environment|environnement|umwelt|medio ambiente|ambiente|milieu)|"
    r"(?:virus|antivirus).*(?:avast|avg|www\.|scann|analys|geprüft|checked|free)|"
    r"unsubscribe.*(?:list|click|email|mail|link)|se désabonner|désinscri.*(?:liste|cliqu|lien)|"
    r"(?:newsletter|verteiler).*abbestell|vous recevez (?:ce|cet).*(?:parce|car)|you (?:are receiving|received) this.*because"
)
SENT_FROM = (
    r"^(?:sent from (?:my|mail|outlook|yahoo)|envoyé (?:de|depuis) (?:mon|ma|l'application|outlook|yahoo)|"
    r"(?:von meinem|gesendet (?:von|mit)).{0,40}|enviado desde|inviato da|verzonden (?:vanaf|met|vanuit)|get outlook for|"
    r"télécharger outlook|outlook für).{0,80}$"
)
