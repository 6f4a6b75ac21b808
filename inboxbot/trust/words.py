"""The reasons of a trust verdict, in words for a lay person, in the user's language."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: dict[str, dict[str, str]] = {
    "aligned": {
        "fr": "Votre serveur de messagerie a vérifié que ce courrier vient bien de {domain}.",
        "en": "Your mail server has verified that this mail really comes from {domain}.",
        "de": "Ihr Mailserver hat geprüft, dass diese Mail wirklich von {domain} stammt.",
    },
    "aligned-elsewhere": {
        "fr": "L’envoi par {domain} est authentifié, mais ce domaine n’est pas celui de {title}.",
        "en": "The sending by {domain} is authenticated, but that is not a domain of {title}.",
        "de": "Der Versand durch {domain} ist bestätigt, doch das ist keine Domain von {title}.",
    },
    "unchecked": {
        "fr": "Rien ne permet de vérifier que ce courrier vient bien de {domain}.",
        "en": "Nothing here proves that this mail really comes from {domain}.",
        "de": "Nichts belegt, dass diese Mail wirklich von {domain} stammt.",
    },
    "no-sender": {
        "fr": "Ce courrier n’indique pas d’expéditeur lisible.",
        "en": "This mail names no readable sender.",
        "de": "Diese Mail nennt keinen lesbaren Absender.",
    },
    "forwarded": {
        "fr": "Ce courrier a été transféré : son expéditeur d’origine ne peut pas être vérifié.",
        "en": "This letter was forwarded: its original sender cannot be verified.",
        "de": "Dieses Schreiben wurde weitergeleitet: Der ursprüngliche Absender ist nicht prüfbar.",
    },
    "failed": {
        "fr": "Votre serveur de messagerie a constaté que ce courrier ne vient pas de {domain}, malgré l’adresse affichée.",
        "en": "Your mail server found that this mail does not come from {domain}, although it shows that address.",
        "de": "Ihr Mailserver hat festgestellt, dass diese Mail nicht von {domain} stammt, obwohl sie diese Adresse zeigt.",
    },
    "several-senders": {
        "fr": "Ce courrier affiche plusieurs expéditeurs : c’est un procédé de falsification.",
        "en": "This mail shows several senders: that is a forger’s trick.",
        "de": "Diese Mail zeigt mehrere Absender: ein Trick von Fälschern.",
    },
    "name-trick": {
        "fr": "Le nom affiché contient une autre adresse ({shown}) que la véritable ({actual}).",
        "en": "The name shown contains another address ({shown}) than the real one ({actual}).",
        "de": "Der angezeigte Name enthält eine andere Adresse ({shown}) als die echte ({actual}).",
    },
    "foreign-letters": {
        "fr": "Le nom de {title} y est écrit avec des lettres d’un autre alphabet ({name}).",
        "en": "It writes the name of {title} with letters of another alphabet ({name}).",
        "de": "Der Name {title} ist darin mit Buchstaben eines anderen Alphabets geschrieben ({name}).",
    },
    "lookalike": {
        "fr": "L’adresse {host} imite celle de {title} sans lui appartenir.",
        "en": "The address {host} imitates that of {title} without belonging to it.",
        "de": "Die Adresse {host} ahmt die von {title} nach, gehört ihr aber nicht.",
    },
    "reply-elsewhere": {
        "fr": "La réponse partirait vers un autre domaine ({domain}) que celui de l’expéditeur.",
        "en": "A reply would go to another domain ({domain}) than the sender’s.",
        "de": "Eine Antwort ginge an eine andere Domain ({domain}) als die des Absenders.",
    },
    "freemail": {
        "fr": "L’expéditeur écrit depuis une messagerie gratuite ({domain}).",
        "en": "The sender writes from a free mail service ({domain}).",
        "de": "Der Absender schreibt von einem kostenlosen Maildienst ({domain}).",
    },
    "posing": {
        "fr": "Le courrier se présente au nom de {title}, mais part d’une adresse de {domain}, qui n’a rien à voir.",
        "en": "The mail presents itself in the name of {title}, but comes from an address at {domain}, which has no part in it.",
        "de": "Die Mail tritt im Namen von {title} auf, kommt aber von einer Adresse bei {domain}, die nichts damit zu tun hat.",
    },
    "elsewhere": {
        "fr": "L’adresse d’envoi ({domain}) n’est pas celle de {title}.",
        "en": "The sender’s address ({domain}) is not one of {title}.",
        "de": "Die Absenderadresse ({domain}) gehört nicht zu {title}.",
    },
    "portal-elsewhere": {
        "fr": "Le lien pour répondre ou payer mène à {host}, qui n’appartient pas à {title}.",
        "en": "The link to answer or pay leads to {host}, which does not belong to {title}.",
        "de": "Der Link zum Antworten oder Zahlen führt zu {host}, das nicht zu {title} gehört.",
    },
    "link-trick": {
        "fr": "Un lien affiche {shown} mais mène à {actual}.",
        "en": "A link shows {shown} but leads to {actual}.",
        "de": "Ein Link zeigt {shown}, führt aber zu {actual}.",
    },
    "cloud": {
        "fr": "Un lien mène à un espace de stockage ou à un raccourcisseur d’adresses ({host}).",
        "en": "A link leads to a file-sharing service or a link shortener ({host}).",
        "de": "Ein Link führt zu einem Dateispeicher oder Kurzlink-Dienst ({host}).",
    },
    "program": {
        "fr": "La pièce jointe « {name} » peut contenir un programme : ne l’ouvrez pas.",
        "en": "The attachment “{name}” may hold a program: do not open it.",
        "de": "Der Anhang „{name}“ kann ein Programm enthalten: nicht öffnen.",
    },
    "program-link": {
        "fr": "Un lien fait télécharger un programme depuis {host} : ne l’ouvrez pas.",
        "en": "A link downloads a program from {host}: do not open it.",
        "de": "Ein Link lädt ein Programm von {host}: nicht öffnen.",
    },
    "archive": {
        "fr": "La pièce jointe « {name} » est une archive : ne l’ouvrez pas sans l’avoir vérifiée.",
        "en": "The attachment “{name}” is an archive: do not open it unchecked.",
        "de": "Der Anhang „{name}“ ist ein Archiv: nicht ungeprüft öffnen.",
    },
    "page-attached": {
        "fr": "La pièce jointe « {name} » est une page à ouvrir dans le navigateur : un procédé d’hameçonnage.",
        "en": "The attachment “{name}” is a page for the browser: a phishing trick.",
        "de": "Der Anhang „{name}“ ist eine Seite für den Browser: ein Phishing-Trick.",
    },
    "disguised": {
        "fr": "La pièce jointe « {name} » n’est pas ce que son nom annonce : ne l’ouvrez pas.",
        "en": "The attachment “{name}” is not what its name says: do not open it.",
        "de": "Der Anhang „{name}“ ist nicht, was sein Name sagt: nicht öffnen.",
    },
    "untraceable": {
        "fr": "On demande un paiement intraçable (cryptomonnaie, carte cadeau, coupon ou SMS surtaxé).",
        "en": "It asks for an untraceable payment (crypto-currency, gift card, coupon or premium SMS).",
        "de": "Es wird eine nicht nachverfolgbare Zahlung verlangt (Kryptowährung, Gutscheinkarte, Premium-SMS).",
    },
    "password": {
        "fr": "On vous demande un mot de passe ou des données bancaires.",
        "en": "You are asked for a password or bank details.",
        "de": "Sie werden nach einem Passwort oder Bankdaten gefragt.",
    },
    "asks-to-run": {
        "fr": "On vous demande d’ouvrir une archive ou de lancer un programme : ne le faites pas.",
        "en": "You are asked to open an archive or run a program: do not.",
        "de": "Sie sollen ein Archiv öffnen oder ein Programm starten: Tun Sie es nicht.",
    },
    "moved-account": {
        "fr": "On vous annonce un changement de compte bancaire : vérifiez par un numéro connu par ailleurs.",
        "en": "You are told of a changed bank account: check by a number known from elsewhere.",
        "de": "Eine geänderte Bankverbindung wird mitgeteilt: Prüfen Sie das über eine anderswoher bekannte Nummer.",
    },
    "identity": {
        "fr": "On vous demande une copie de votre pièce d’identité.",
        "en": "You are asked for a copy of your identity card or passport.",
        "de": "Sie sollen eine Kopie Ihres Ausweises schicken.",
    },
    "evidence-elsewhere": {
        "fr": "Les « preuves » sont à ouvrir sur {host}, qui n’appartient ni à {title} ni à l’expéditeur.",
        "en": "The “evidence” is to be opened at {host}, which belongs neither to {title} nor to the sender.",
        "de": "Die „Beweise“ sollen auf {host} geöffnet werden, das weder {title} noch dem Absender gehört.",
    },
    "hurry": {
        "fr": "Le délai est anormalement court ({quote}).",
        "en": "The time allowed is unusually short ({quote}).",
        "de": "Die Frist ist ungewöhnlich kurz ({quote}).",
    },
    "foreign-account": {
        "fr": "Le compte à créditer est étranger ({country}).",
        "en": "The account to be credited is a foreign one ({country}).",
        "de": "Das Konto liegt im Ausland ({country}).",
    },
    "by-post-only": {
        "fr": "À ce stade, {title} écrit par lettre remise contre signature, jamais directement par courriel.",
        "en": "At this stage {title} writes by signed-for letter, never directly by e-mail.",
        "de": "In diesem Stadium schreibt {title} per Einschreiben, nie direkt per E-Mail.",
    },
    "incomplete": {
        "fr": "Il manque ce qu’un vrai courrier de {title} comporte toujours : {missing}.",
        "en": "What a genuine letter of {title} always carries is missing: {missing}.",
        "de": "Es fehlt, was ein echtes Schreiben von {title} immer enthält: {missing}.",
    },
    "carried": {
        "fr": "Ce courrier vous est parvenu par un tiers ou numérisé : son origine ne peut pas être vérifiée.",
        "en": "This letter came to you through somebody else or as a scan: its origin cannot be verified.",
        "de": "Dieses Schreiben kam über Dritte oder als Scan: Seine Herkunft ist nicht prüfbar.",
    },
    "nobody": {
        "fr": "On ne répond pas à {title} par courriel : utilisez le formulaire ou l’adresse postale que donne le courrier.",
        "en": "{title} is not answered by e-mail: use the form or the postal address that the letter gives.",
        "de": "{title} wird nicht per E-Mail geantwortet: Nutzen Sie das Formular oder die Postanschrift im Schreiben.",
    },
    "no-recipient": {
        "fr": "Aucune adresse sûre pour répondre : choisissez vous-même le destinataire après vérification.",
        "en": "No address is safe to answer to: choose the recipient yourself after checking.",
        "de": "Keine Adresse ist sicher genug für eine Antwort: Wählen Sie den Empfänger nach Prüfung selbst.",
    },
    "together": {
        "fr": "Plusieurs signes d’alerte se cumulent.",
        "en": "Several warning signs come together.",
        "de": "Mehrere Warnzeichen kommen zusammen.",
    },
}

FACTS: dict[str, dict[str, str]] = {
    "case_number": {"fr": "le numéro de dossier", "en": "the file number", "de": "das Aktenzeichen"},
    "ip_address": {"fr": "l’adresse IP", "en": "the IP address", "de": "die IP-Adresse"},
    "isp": {"fr": "le fournisseur d’accès", "en": "the internet provider", "de": "der Internetanbieter"},
    "facts_at": {
        "fr": "la date et l’heure des faits",
        "en": "the date and hour of the facts",
        "de": "Datum und Uhrzeit",
    },
}


def reason(name: str, language: str, /, **details: str) -> str:
    """One reason as a sentence; details are plain text from the letter, already normalised, of which 80 characters are told."""
    return in_language(REASONS[name], language).format(**{key: detail[:80] for key, detail in details.items()})


def in_language(sentences: Mapping[str, str], language: str) -> str:
    """The sentence in this language, else in English, else in any that there is."""
    return sentences.get(language) or sentences.get("en") or next(iter(sentences.values()), "")


def fact(name: str, language: str) -> str:
    """A fact's name for people."""
    return in_language(FACTS.get(name, {}), language) or name.replace("_", " ")
