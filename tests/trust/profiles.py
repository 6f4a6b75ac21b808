"""What the three rooms state about their genuine letters, as the domain file has it: tests of trust need no room."""

from __future__ import annotations

from inboxbot.records import Sign, TrustProfile

COPYTRACK = TrustProfile(
    room="copytrack",
    title="Copytrack",
    domains=("copytrack.com",),
    neutral=("copytrack.xyz",),
    desks=("case@copytrack.com", "en.debitor@copytrack.com", "de.debitor@copytrack.com"),
    lookalikes=("copytrack",),
    accounts=("DE",),
)

PIXTRAKK = TrustProfile(
    room="pixtrakk",
    title="Pixtrakk",
    domains=("pixtrakk.com", "pixpalace.com"),
    neutral=("pixways.com", "pixways.fr"),
    relayed=True,
    lookalikes=("pixtrakk", "pixpalace", "pixways"),
    accounts=("FR",),
)

_PAYS = (
    r"(?:payer\b|(?:regler|verser|vous acquitter|s'acquitter|regulariser)\b.{0,40}"
    r"(?:somme|montant|amende|frais|penalite|indemnite|forfait|contravention|euros?\b|€|\beur\b|\d)"
    r"|(?:proceder|procedez) (?:\w+ ){0,2}(?:au|a un|a votre) (?:paiement|reglement|virement)"
    r"|effectue[rz] (?:le|un|votre) (?:paiement|reglement|virement))"
)

HADOPI = TrustProfile(
    room="hadopi",
    title="l’Arcom (ex-Hadopi)",
    domains=("arcom.fr", "hadopi.fr"),
    answers=False,
    relayed=True,
    never=(
        Sign(
            r"\b(?:vous (?:devez|etes (?:prie|invite|tenu|redevable|somme)\w*)|il vous (?:appartient|est demande|incombe)|nous vous"
            r" (?:prions|invitons|demandons|mettons en demeure|proposons)|veuillez|merci de|priere de|il convient de|afin d[e']|pour"
            r" (?:eviter|regulariser|clore|classer|mettre fin|echapper)).{0,120}\b" + _PAYS +
            r"|\b(?:payez|reglez (?:la|l'|le montant|cette|votre amende|\d)|acquittez-vous|versez)\b"
            r"|\b(?:montant|somme|amende|frais|penalite|indemnite)s? (?:total\w* |forfaitaires? |de \d[\d .,]*(?:€|euros?) )?"
            r"(?:a (?:regler|payer|verser|acquitter)|(?:reste|est|sont) due?s?)\b"
            r"|\b(?:paiement|reglement) (?:immediat|en ligne|securise|par (?:carte|virement|paypal|sms|cheque|coupon|telephone)|sous \d)"
            r"|\b(?:lien|page|espace|site|plateforme|portail) de (?:paiement|reglement)\b"
            r"|\b(?:you (?:must|have to|are (?:required|requested) to)|please|in order to|to avoid).{0,80}\b(?:pay\b|settle the|make (?:a|the|your) payment)",
            {
                "fr": "On vous demande de payer : l’Arcom (ex-Hadopi) ne réclame jamais d’argent.",
                "en": "You are asked to pay: Arcom (formerly Hadopi) never asks for money.",
                "de": "Sie sollen zahlen: Die Arcom (früher Hadopi) verlangt niemals Geld.",
            },
            hard=True,
            unless=r"\bne\b.{0,60}\b(?:jamais|pas|aucune?)\b|\bn'\w+.{0,40}\b(?:jamais|pas|aucune?)\b|\baucun (?:paiement|reglement|frais|montant)"
            r"|\b(?:juge|tribunal)\b.{0,60}\b(?:peut|pourra|pourrait|condamne)|\bnever\b|\bnot\b",
        ),
        Sign(
            r"\btelecharge[rz] (?:\S+ )?(?:les?|vos|votre|la|des|un|une|ce|cette|notre|nos) (?:preuves?|pieces?|documents?|dossier|rapport|fichiers?|logiciel|releve|justificatif|proces-verbal)"
            r"|\binstalle[rz] (?:le|ce|notre|un) (?:logiciel|programme|application)",
            {
                "fr": "On vous invite à télécharger un fichier ou à installer un logiciel : un vrai courrier ne le fait jamais.",
                "en": "You are invited to download a file or install a program: a genuine letter never does that.",
                "de": "Sie sollen eine Datei laden oder ein Programm installieren: Das tut ein echtes Schreiben nie.",
            },
            hard=True,
            unless=r"\bne\b.{0,60}\b(?:jamais|pas|aucune?)\b",
        ),
        Sign(
            r"\b(?:avis d'amende|avis de contravention|amende (?:forfaitaire )?(?:de \d[\d .,]* ?(?:€|euros?) )?(?:vous (?:est|a ete)|a ete) (?:infligee|prononcee|notifiee)"
            r"|vous avez ete condamnee?)\b",
            {
                "fr": "On vous annonce une amende par courriel : seul un tribunal en prononce, et jamais ainsi.",
                "en": "You are told of a fine by e-mail: only a court imposes one, and never in this way.",
                "de": "Ihnen wird per E-Mail eine Geldbuße mitgeteilt: Nur ein Gericht verhängt sie, und nie so.",
            },
            hard=True,
            direct=True,
        ),
        Sign(
            r"\b(?:acces|connexion|ligne|abonnement)\b.{0,60}\b(?:sera|va etre|a ete|est) (?:immediatement |automatiquement |definitivement )?(?:suspendue?|coupee?|resiliee?|bloquee?)",
            {
                "fr": "On vous menace de couper votre accès : la loi ne le prévoit plus.",
                "en": "You are threatened with a cut-off: the law no longer provides for it.",
                "de": "Ihnen wird mit Sperrung gedroht: Das sieht das Gesetz nicht mehr vor.",
            },
            hard=False,
            unless=r"\bne\b.{0,30}\b(?:pas|jamais)\b",
        ),
        Sign(
            r"\bstreaming (?:illegal|illicite|pirate)|\b(?:visionne|regarde)\w*\b.{0,60}\bstreaming\b",
            {
                "fr": "Il est question de streaming : la procédure ne concerne que le partage de pair à pair.",
                "en": "It speaks of streaming: the procedure concerns peer-to-peer sharing only.",
                "de": "Es geht um Streaming: Das Verfahren betrifft nur Tauschbörsen.",
            },
            hard=False,
        ),
        Sign(
            r"\b(?:appelez|composez|contactez|rappelez)\b.{0,60}\b0 ?8 ?[19](?: ?\d){2,}",
            {
                "fr": "On vous fait appeler un numéro surtaxé.",
                "en": "You are made to call a premium-rate number.",
                "de": "Sie sollen eine teure Sondernummer anrufen.",
            },
            hard=True,
        ),
    ),
    by_post_only=("notification_3",),
    expected=("case_number", "ip_address", "isp", "facts_at"),
    lookalikes=("hadopi", "arcom"),
)  # fmt: skip

PROFILES = {profile.room: profile for profile in (COPYTRACK, PIXTRAKK, HADOPI)}
