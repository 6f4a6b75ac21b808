"""What a reply must never say, and why: the phrases that the lint looks for.

Patterns meet text that `lint.fold` has made plain: lower case, no accents, straight apostrophes, one kind of blank. They
run on RE2. Reasons and articles: docs/replies.md. A rule that two languages share stands under "*".
"""

from __future__ import annotations

ADMISSION = "admission"
PROMISE = "promise"
ARGUMENT = "argument"
HOSTILE = "hostile"
INTERNAL = "internal"

WHY: dict[str, str] = {
    ADMISSION: "reads as an admission or an apology",
    PROMISE: "promises or offers to pay",
    ARGUMENT: "uses an argument that does not hold",
    HOSTILE: "threatens or insults",
    INTERNAL: "speaks of the program, not of the matter",
}

_IMAGES_FR = r"(?:l'image|les images|cette image|ces images|la photo\w*|les photo\w*|cette photo\w*|ce visuel|l'oeuvre|ce cliche)"
_KIN_FR = r"(?:fils|fille|enfants?|conjointe?|mari|femme|epouse|epoux|compagne|compagnon|locataires?|stagiaires?|salariee?s?|invitee?s?)"
_KIN_EN = r"(?:son|daughter|child|children|kids?|husband|wife|partner|flatmate|tenants?|guests?|employees?|interns?)"
_KIN_DE = (
    r"(?:sohn|tochter|kind|kinder|mann|frau|partner|partnerin|mieter|mitbewohner|gast|gaste|praktikant|mitarbeiter)"
)

PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    ADMISSION: {
        "fr": (
            r"\bdesolee?s?\b|\bnavree?s?\b|\bexcus(?:e|er|es|ez|ons|ent)\b|\bpardon\w*\b|\bregrett\w+|\bregrets?\b",
            r"\bpar (?:erreur|inadvertance|megarde|ignorance|meconnaissance|negligence|inattention|maladresse|simple oubli)\b",
            r"\b(?:notre|mon|ma|nos|mes) (?:\w+ )?(?:erreurs?|fautes?|negligences?|oublis?|maladresses?|meprises?|imprudences?)\b",
            r"\b(?:erreur|faute|oubli|negligence|maladresse) de (?:notre|ma) part\b|\bmalentendu\b|\bquiproquo\b",
            r"\bignor(?:ais|ions|ait)\b|\bne sav(?:ais|ions) pas\b|\bn(?:'avais|'avions) pas conscience\b|\bpas (?:pris )?conscience\b",
            r"\b(?:trouve|pris|recupere|telecharge|copie)e?s? (?:\w+ )?(?:sur|dans) (?:google|internet|le web|la toile|pinterest|un moteur)\b",
            r"\b(?:je|nous) (?:ne )?(?:reconnai(?:s|ssons)|confess\w+|conced\w+)\b|\bj'(?:admets|avoue)\b|\bnous (?:admettons|avouons)\b",
            r"\b(?:j'ai|nous avons|on a) (?:effectivement |bien |en effet |certes )?(?:utilise|publie|reproduit|repris|diffuse|copie"
            r"|mis en ligne|telecharge|commis|partage|enfreint|viole)\b",
            rf"\b(?:mon|ma|notre) (?:utilisation|usage|publication|reproduction) (?:de |d')?{_IMAGES_FR}",
            r"\b(?:je suis|nous sommes) (?:bien |pleinement )?(?:responsables?|coupables?|fautifs?|fautives?|en tort)\b",
            r"\b(?:j'assume|nous assumons|(?:je prends|nous prenons) (?:toute |l'entiere |la )?responsabilite)\b",
            r"\b(?:je|nous|on) (?:pens|croy|suppos|imagin)(?:ais|ions|ait)\b|\b(?:j'ai|j'avais|nous avons|nous avions) (?:cru|suppose|oublie)\b",
            r"\b(?:erreur|faute|oubli|negligence|maladresse)s? (?:de |d'|du )(?:notre|nos|mon|ma|mes|un|une)\b",
            r"\b(?:retire|supprime|enleve|efface)e?s?\b[^.]{0,50}\b(?:(?:des|apres|a) (?:la )?reception|immediatement|aussitot|sur-le-champ|sans (?:delai|attendre)|apres avoir recu)\b",
            rf"\b(?:mon|ma|mes|notre|nos|un|une) (?:ex-)?{_KIN_FR} (?:a|ont|aurait|auraient|avait|a du|ont du|qui a|utilis\w+|telecharg\w+|partag\w+)\b|\bc'est (?:mon|ma|notre) {_KIN_FR}\b",
            r"\bwi-?fi (?:etait|est|est reste|etait reste) (?:ouvert|libre|accessible|sans mot de passe|non securise)\b",
            r"\bn'etait pas (?:encore )?(?:securisee?|protegee?)\b|\bwi-?fi n'(?:avait|etait|a) pas\b",
            r"\b(?:retiree?s?|supprimee?s?|enlevee?s?) (?:des|aussitot|sitot) (?:que|lors que)\b|\bdes que (?:j'ai|nous avons) (?:su|appris|compris)\b",
        ),
        "en": (
            r"\bsorry\b|\bapolog\w+|\bregret\w*|\bforgive\w*",
            r"\b(?:by|in) (?:mistake|error|inadvertence|ignorance)\b|\binadverten\w+|\bmistakenly\b|\bunintention\w+",
            r"\b(?:our|my) (?:\w+ )?(?:mistakes?|errors?|fault|oversight|negligence|wrongdoing|infringement)\b|\ban? (?:\w+ )?oversight\b",
            r"\bmisunderstanding\b|\bunaware\b|\b(?:did not|didn't) (?:know|realise|realize)\b|\b(?:was|were) not aware\b|\b(?:wasn't|weren't) aware\b",
            r"\b(?:found|took|taken|got|downloaded|copied|grabbed)\b[^.]{0,40}\b(?:on|from|off|through|via) (?:google|the internet|the web|pinterest)\b",
            r"\b(?:we|i) (?:do |must |have to |hereby |fully |openly )?(?:admit|concede|confess|acknowledge that|acknowledge (?:the|our|my)"
            r" (?:use|infringement|debt|claim)|accept (?:that|liability|responsibility|the blame))\b",
            r"\b(?:we|i) (?:have |had |did |only )?(?:indeed |in fact |briefly |simply )?(?:used?|published|copied|reproduced|infringed|downloaded"
            r"|posted|uploaded|shared)\b[^.]{0,30}\b(?:images?|pictures?|photos?|photographs?|works?|files?|films?|movies?|music|songs?|series|episodes?)\b",
            r"\b(?:we|i) (?:had |have )?(?:thought|believed|assumed|supposed|figured)\b",
            r"\b(?:we are|i am|we're|i'm) (?:fully )?(?:liable|responsible|at fault|guilty|to blame)\b|\btake (?:full )?responsibility\b",
            rf"\b(?:my|our) (?:ex-)?{_KIN_EN} (?:has|have|had|must have|may have|probably|downloaded|shared|used|did|put|posted|uploaded|published|took|copied|was using)\b|\bit was (?:my|our) {_KIN_EN}\b",
            r"\bwi-?fi (?:was|is) (?:left )?(?:open|unsecured|unprotected)\b|\b(?:was|were) not (?:yet )?(?:secured|protected)\b",
            r"\b(?:removed|deleted|t(?:ook|aken)(?: (?:it|them|this|that|the \w+))? down)\b[^.]{0,40}\b(?:immediately|promptly|at once|right away|straight ?away|(?:up)?on (?:receipt|receiving))\b",
            r"\b(?:removed|deleted|took)\b[^.]{0,40}\b(?:as soon as|the moment|once) (?:we|i) (?:knew|learn\w*|realised|realized|saw|found)\b",
        ),
        "de": (
            r"\bentschuldig\w*|\b(?:tut|tun) (?:\w+ )?(?:\w+ )?leid\b|\bleider\b|\bbedau[e]?r\w*|\bverzeih\w*",
            r"\bversehentlich\w*|\baus versehen\b|\birrtumlich\w*|\bunwissentlich\w*|\bunabsichtlich\w*|\bmissverstandnis\w*",
            r"\b(?:unser|mein)\w* (?:\w+ )?(?:fehler|versehen|irrtum|verschulden|schuld|nachlassigkeit|fahrlassigkeit|unachtsamkeit)\b",
            r"\b(?:wusste|wussten|ahnte|ahnten) (?:\w+ )?(?:\w+ )?nicht\b|\bnicht (?:bewusst|gewusst)\b|\bin unkenntnis\b",
            r"\b(?:bei|uber|von|auf|aus) (?:google|pinterest)\b[^.]{0,30}\b(?:gefunden|heruntergeladen|kopiert|genommen)\b",
            r"\b(?:im|aus dem) (?:internet|netz)\b[^.]{0,20}\b(?:gefunden|heruntergeladen|kopiert|genommen)\b",
            r"\b(?:raume|raumen|gebe|geben|gestehe|gestehen) (?:wir|ich|hiermit|ein|zu)\b|\b(?:wir|ich) (?:raume|raumen|gebe|geben|gestehe|gestehen)\b[^.]{0,60}\b(?:ein|zu)\b",
            r"\b(?:wir|ich) (?:erkenne|erkennen)\b[^.]{0,80}\ban\b|\b(?:erkenne|erkennen) (?:wir|ich)\b[^.]{0,80}\ban\b",
            r"\b(?:wir haben|ich habe|haben wir|habe ich)\b[^.]{0,60}\b(?:bild|bilder|foto|fotos|lichtbild\w*|werk|aufnahme|datei|film)\b"
            r"[^.]{0,40}\b(?:verwendet|benutzt|genutzt|veroffentlicht|kopiert|heruntergeladen|eingestellt|geteilt)\b",
            r"\b(?:wir|ich) (?:ubernehme|ubernehmen)\b[^.]{0,30}\b(?:haftung|verantwortung)\b|\b(?:wir sind|ich bin) (?:haftbar|verantwortlich|schuld)\b",
            rf"\b(?:mein|meine|unser|unsere) (?:ex-?)?{_KIN_DE} (?:hat|haben|hatte|muss)\b|\bw-?lan (?:war|ist) (?:offen|ungesichert|nicht)\b",
            r"\b(?:wir|ich) (?:dachten?|glaubten?|meinten?|vermuteten?|(?:gingen|ging) davon aus|nahm(?:en)?\b[^.]{0,20}\ban)\b|\b(?:dachten?|glaubten?) (?:wir|ich)\b",
            r"\b(?:fehler|versehen|verschulden|nachlassigkeit) (?:unser|mein)e[rs]\b",
            r"\b(?:sofort|umgehend|unverzuglich)\b[^.]{0,50}\b(?:geloscht|entfernt)\b|\b(?:geloscht|entfernt)\b[^.]{0,30}\b(?:sofort|umgehend|unverzuglich)\b",
            r"\b(?:sobald|nachdem) (?:wir|ich)\b[^.]{0,40}\b(?:erfuhr\w*|erfahren|bemerkt\w*|erkannt\w*)\b",
        ),
    },
    PROMISE: {
        "fr": (
            r"\b(?:je|nous) (?:vous |le |la |les )?(?:paierai|payerai|paierons|payerons|reglerai|reglerons|verserai|verserons|rembourserai"
            r"|rembourserons|virerai|virerons|acquitterai|acquitterons|indemniserai|indemniserons)\b",
            r"\b(?:engage|engageons|engagement|accepte|acceptons|prete?s?|d'accord|disposee?s?|vais|allons|veux|voulons|souhaite|souhaitons"
            r"|propose|proposons|envisage|envisageons) (?:de |pour |a |bien |volontiers )*(?:vous )?(?:payer|regler|verser|virer|indemniser|m'acquitter|nous acquitter)\b",
            r"\b(?:paiement|reglement|virement|cheque|versement) (?:suivra|suit|sera|a ete|vous (?:sera|parviendra)|est (?:en cours|parti|joint)|ci-joint|effectue|interviendra)\b",
            r"\b(?:consen[st]\w*|d'accord|prete?s?|disposee?s?|accepte|acceptons) (?:a|de|pour) (?:vous )?(?:payer|regler|verser|transiger)\b",
            r"\bd'accord (?:pour|avec) (?:\d|votre|vos|la somme|le montant|cette)|\b(?:procederai|procederons|procedons|procede) au (?:paiement|reglement|virement|versement)\b",
            r"\ben (?:plusieurs|deux|trois|quatre|cinq|six|\d+) (?:fois|versements|mensualites|echeances)\b|\bechelonn\w+|\becheancier\b",
            r"\b(?:facilites?|delais?) de paiement\b|\b(?:votre|vos) (?:rib|iban|coordonnees bancaires)\b",
            r"\b(?:j'accepte|nous acceptons|j'accepterai|nous accepterons) (?:votre|la|l'|cette|ce|le) ?(?:offre|proposition|licence|somme|montant|regularisation|reglement)\b",
        ),
        "en": (
            r"\b(?:we|i) (?:will|shall|am going to|are going to|can)(?: be able to)?(?: gladly| happily| now| promptly)? (?:pay|transfer|remit|reimburse|compensate|settle (?:the|your|this))\b",
            r"\b(?:we'll|i'll) (?:pay|transfer|settle|send (?:you )?(?:the )?(?:payment|money|a cheque))\b",
            r"\b(?:agree|agreed|willing|ready|prepared|happy|able|intend|propose|offer|undertake|promise|commit|want|accept) to (?:pay|transfer|remit|reimburse|compensate|settle (?:for|at|the (?:invoice|sum|amount|fee)))\b",
            r"\b(?:we|i) (?:will|would|shall|can|could|'ll) settle (?:this |it |the matter |the case )?(?:for|at)\b",
            r"\bpayment (?:will|shall|follows|has been|is on|is being|was)\b|\binstal?ments?\b|\binstallments?\b|\bpayment plan\b",
            r"\b(?:we|i) (?:hereby |gladly )?(?:accept|agree to) (?:your|the|this) (?:offer|proposal|licen[cs]e|terms|sum|amount|settlement|fee)\b",
            r"\byour (?:bank|account) details\b|\byour iban\b|\b(?:send|forward)(?: us| me)? (?:an|the|your) invoice\b",
        ),
        "de": (
            r"\b(?:wir|ich) (?:werden|werde)\b[^.]{0,60}\b(?:zahlen|bezahlen|begleichen|uberweisen|erstatten)\b",
            r"\b(?:wir|ich) (?:zahle|zahlen|bezahle|bezahlen|uberweise|uberweisen|begleiche|begleichen)\b|\b(?:zahle|zahlen|uberweise|uberweisen) (?:wir|ich)\b",
            r"\b(?:bereit|einverstanden|gewillt)\b[^.]{0,80}\bzu (?:zahlen|bezahlen|begleichen|uberweisen|erstatten)\b",
            r"\b(?:zahlung|uberweisung) (?:erfolgt|folgt|wird|wurde|ist)\b|\bratenzahlung\w*|\bin raten\b|\bratenweise\b|\bzahlungsplan\b|\bstundung\b",
            r"\b(?:nehme|nehmen|akzeptiere|akzeptieren)\b[^.]{0,50}\b(?:angebot|vorschlag|vergleich|forderung|betrag)\b",
            r"\bverpflichten? (?:mich|uns|wir uns|ich mich)\b|\bihre bankverbindung\b|\bihre kontodaten\b",
        ),
    },
    ARGUMENT: {
        "fr": (
            r"\bl\.? ?131-3\b[^.]{0,120}\bnul(?:le|lite)?\b|\bnul(?:le|lite)\b[^.]{0,120}\b(?:l\.? ?131-3|cession)\b|\bcession\b[^.]{0,80}\bnul(?:le|lite)\b",
            r"\b(?:peut|peuvent|saurait|sauraient|doit|doivent) (?:pas )?(?:exceder|depasser|etre superieure?s?)\b[^.]{0,80}\b(?:licence|redevance)\b",
            r"\b(?:plafonn\w+|limitee?s?) (?:a|au|par) [^.]{0,40}\b(?:licence|redevance)\b",
            r"\bconstat\b[^.]{0,80}\b(?:obligatoire|indispensable|necessaire|exigee?|requis|seul)\b|\b(?:seul|faute de|sans|defaut de) (?:un )?constat\b",
            r"\bcaptures?(?: d'ecran)?\b[^.]{0,60}\b(?:sans valeur|irrecevables?|aucune valeur|pas de valeur|pas une preuve|ne prouvent? rien)\b",
            r"\b(?:mise en demeure|courriel|mail|courrier)\b[^.]{0,60}\b(?:nulle?|sans valeur|sans effet|irreguliere?)\b|\bfaute de (?:lettre )?recommandee?\b",
            r"\b(?:non commercial\w*|sans but lucratif|personnel|prive)\b[^.]{0,60}\b(?:autorisee?s?|permise?s?|licite|libre|exoneree?s?|donc pas)\b",
            r"\bbonne foi\b|\bl\.? ?122-5\b|\b(?:exception|droit) de (?:courte )?citation\b|\bparodie\b|\bfair use\b",
            r"\b(?:est|sont|serait|semble) (?:donc |desormais |largement |deja )?(?:prescrite?s?|forclose?s?)\b|\ba?cquise? (?:la )?prescription\b|\bprescription (?:est )?acquise\b",
            r"\bn(?:e suis|'est|e sommes|'etes) (?:donc )?pas responsables?\b|\bresponsabilite (?:incombe|revient|repose)\b|\bc'est (?:donc )?(?:le|notre|mon) (?:prestataire|fournisseur|agence)\b",
            r"\b(?:article )?2240\b|\bsans prejudice\b|\bl\.? ?331-2[45]\b|\br\.? ?331-4[02]\b|\bsuspension (?:de|d')\b|\bcoupure (?:de|d')\b",
            r"\b(?:demande|reclamation|procedure|pretention|courrier)s?\b[^.]{0,30}\babusi\w+|\babus de droit\b",
            r"\bcopyright troll\w*|\btroll\w*|\bpratique illegale\b|\bexercice illegal\b",
        ),
        "en": (
            r"\bassignment\b[^.]{0,60}\b(?:null|void|invalid)\b|\b(?:null|void|invalid)\b[^.]{0,60}\bassignment\b",
            r"\b(?:cannot|can not|may not|must not|can never|never) (?:exceed|be (?:higher|more|greater) than)\b[^.]{0,60}\b(?:licen[cs]e|licensing|fee|royalty)\b"
            r"|\b(?:capped|limited) (?:at|to|by) [^.]{0,40}\b(?:licen[cs]e|licensing) (?:fee|price)\b",
            r"\b(?:bailiff\w*|notar\w+|sworn)\b[^.]{0,60}\b(?:required|mandatory|compulsory|necessary|obligatory)\b",
            r"\bscreenshots?\b[^.]{0,40}\b(?:not (?:proof|evidence|admissible|valid)|no (?:proof|evidence|value)|worthless|inadmissible|prove nothing)\b",
            r"\b(?:letter|e-?mail|notice|demand)\b[^.]{0,40}\b(?:is|are) (?:therefore )?(?:void|invalid|null|without effect|worthless)\b",
            r"\b(?:non-commercial|personal|private|educational)\b[^.]{0,60}\b(?:allowed|permitted|exempt|lawful|fine|legal)\b|\bfair (?:use|dealing)\b|\bparody\b|\bright to quote\b",
            r"\bgood faith\b|\binnocent infring\w+|\btime-barred\b|\bstatute-barred\b|\bprescribed\b|\blimitation period has (?:expired|passed|run out)\b",
            r"\b(?:we are|i am|we're|i'm) (?:therefore |thus )?not (?:liable|responsible)\b|\b(?:supplier|agency|partner|designer) (?:is|are|alone is) (?:solely )?(?:liable|responsible)\b",
            r"\b(?:claim|demand|letter|request|practice)s?\b[^.]{0,30}\babusive\b|\babuse of (?:rights?|law|process)\b",
            r"\btroll\w*|\bextort\w*|\bunlawful practice\b|\b2240\b|\bsuspension of\b",
        ),
        "de": (
            r"\b(?:abtretung|rechteubertragung|ubertragung|einraumung)\b[^.]{0,60}\b(?:nichtig|unwirksam|ungultig)\b",
            r"\b(?:nicht (?:hoher|mehr)|hochstens|maximal|begrenzt|beschrankt|gedeckelt)\b[^.]{0,60}\b(?:lizenz\w*|lizenzgebuhr\w*)\b",
            r"\b(?:notar\w*|gerichtsvollzieher\w*)\b[^.]{0,60}\b(?:erforderlich|zwingend|notwendig|notig|pflicht)\b",
            r"\bscreenshots?\b[^.]{0,50}\b(?:kein\w* beweis\w*|wertlos|unzulassig|beweisen nichts|nicht verwertbar)\b|\bbildschirmfotos?\b[^.]{0,50}\b(?:kein\w* beweis\w*|wertlos|unzulassig)\b",
            r"\b(?:schreiben|e-?mail|abmahnung|mahnung)\b[^.]{0,40}\b(?:ist|sind) (?:daher |somit )?(?:nichtig|unwirksam|ungultig|gegenstandslos)\b",
            r"\b(?:nicht ?kommerziell\w*|privat\w*|nichtgewerblich\w*)\b[^.]{0,60}\b(?:erlaubt|zulassig|gestattet|frei)\b|\bzitatrecht\b|\bparodie\b|\bfair use\b",
            r"\bguten glaubens\b|\bgutglaubig\w*|\b(?:ist|sind|sei|seien) (?:bereits |langst |damit )?verjahrt\b",
            r"\b(?:nicht|keinesfalls) (?:verantwortlich|haftbar)\b|\bhaften? (?:wir |ich )?nicht\b|\b(?:dienstleister|agentur|lieferant|anbieter)\w* (?:haftet|ist verantwortlich)\b",
            r"\babzock\w*|\btroll\w*|\b(?:rechts)?missbrauch\w*",
        ),
    },
    HOSTILE: {
        "fr": (
            r"\barnaqu\w+|\bescroqu\w+|\bracket\w*|\bextor\w+|\bharcel\w+|\bchantage\b|\bvoleurs?\b|\bscandaleux|\bhonteux|\bridicule",
            r"\b(?:porter|porterai|porterons|deposer|deposerai|deposerons) plainte\b|\bplainte (?:penale|sera)\b|\bvous (?:poursuivrai|poursuivrons|assignerai|assignerons)\b",
        ),
        "en": (
            r"\bscam\w*|\bfraud\w*|\bblackmail\w*|\bharass\w*|\bthie(?:f|ves)\b|\bridiculous\b|\bshameful\b|\boutrageous\b|\bshakedown\b",
            r"\b(?:report you|sue you|press charges|criminal complaint|take you to court)\b",
        ),
        "de": (
            r"\bbetrug\w*|\bbetruger\w*|\berpress\w*|\bbelastig\w*|\blacherlich\w*|\bunverschamt\w*|\bfrechheit\b|\bdiebe?\b",
            r"\b(?:strafanzeige|anzeige erstatten|verklagen)\b",
        ),
    },
    INTERNAL: {
        "*": (
            r"\binboxbot\b|\bclassif(?:ier|ieur|ication)\b|\bklassifikat\w+|\bscores?\b|\bconfidence\b|\bindice de confiance\b|\btaux de confiance\b",
            r"\bmachine learning\b|\bchatbot\b|\bbots?\b|\btraining data\b|\bscenarios?\b|\bszenario\b|\blint\w*\b|\btemplates?\b",
            r"\b(?:this|the) draft\b|\b(?:ce|le) brouillon\b|\b(?:dieser|der) entwurf\b|\b(?:automatically|automatiquement|automatisch) (?:generated|written|generee?|redigee?|erstellt|erzeugt)\b",
        ),
    },
}

# An offer of a sum is safe only with both reserves beside it (domain study §C3, S7).
OFFERS: dict[str, tuple[str, tuple[str, str]]] = {
    "fr": (
        r"\b(?:je|nous) (?:vous )?(?:propos\w+|offr\w+)\b|\bcontre-?(?:proposition|offre)\b|\bproposition transactionnelle\b",
        (r"\bsans (?:aucune )?reconnaissance\b", r"\bsolde de tout compte\b"),
    ),
    "en": (
        r"\b(?:i|we) (?:would |can |could |will |hereby )?(?:offer|propose)\b|\bcounter-?(?:offer|proposal)\b|\bsettlement proposal\b",
        (r"\bwithout (?:any )?admission\b", r"\bfull and final\b"),
    ),
    "de": (
        r"\b(?:biete|bieten|schlage|schlagen) (?:ich|wir)\b|\b(?:ich|wir) (?:biete|bieten|schlage|schlagen)\b|\bgegenangebot\b|\bvergleichs(?:vorschlag|angebot)\b",
        (r"\bohne anerkennung\b", r"\babgeltung\b"),
    ),
}
