"""Host names: who owns one, and what sort of place it is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

FREEMAIL = frozenset(
    "gmail.com googlemail.com outlook.com outlook.fr outlook.de hotmail.com hotmail.fr hotmail.de live.com live.fr msn.com "
    "yahoo.com yahoo.fr yahoo.de yahoo.co.uk ymail.com aol.com icloud.com me.com gmx.com gmx.de gmx.fr gmx.net web.de "
    "freenet.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com tutanota.com tuta.io zoho.com caramail.com "
    "libero.it".split()
)
PROVIDERS = frozenset(  # internet providers: their customers' mailboxes, and the relays of Hadopi's letters
    "laposte.net orange.fr wanadoo.fr free.fr sfr.fr neuf.fr cegetel.net bbox.fr bouyguestelecom.fr numericable.fr "
    "aliceadsl.fr club-internet.fr t-online.de".split()
)
CLOUD = frozenset(
    "drive.google.com docs.google.com dropbox.com dropboxusercontent.com wetransfer.com we.tl mega.nz mediafire.com "
    "onedrive.live.com 1drv.ms firebasestorage.googleapis.com storage.googleapis.com web.app firebaseapp.com pages.dev "
    "workers.dev r2.dev anonfiles.com gofile.io transfer.sh swisstransfer.com smash.com fromsmash.com box.com bit.ly "
    "tinyurl.com t.ly cutt.ly is.gd rb.gy ow.ly t.co shorturl.at discordapp.com cdn.discordapp.com telegra.ph t.me".split()
)
RELAYS = frozenset(  # what senders' and receivers' mail services put in front of a link, and hosted help desks
    "sendgrid.net mandrillapp.com mailgun.org mailchimp.com list-manage.com hubspotlinks.com hubspot.com hs-sites.com "
    "sparkpostmail.com exacttarget.com awstrack.me sendibm1.com sendibm2.com sendibm3.com brevo.com mjt.lu mailjet.com "
    "customeriomail.com pstmrk.it intercom-mail.com intercom-clicks.com intercom.io zendesk.com freshdesk.com salesforce.com "
    "safelinks.protection.outlook.com urldefense.com urldefense.proofpoint.com mimecastprotect.com cudasvc.com "
    "secure-web.cisco.com trendmicro.com".split()
)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def host_of(url: str) -> str:
    """The lower-case host of a URL, punycode decoded; empty when there is none."""
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").rstrip(".")
    except ValueError:
        return ""
    return readable(host)


def readable(host: str) -> str:
    """The host with its punycode labels decoded (RFC 3492), lower-case."""
    labels = []
    for label in host.lower().rstrip(".").split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError):
            labels.append(label)
    return ".".join(labels)


def registrable(host: str) -> str:
    """The domain that somebody registered, by the public suffix list; the host itself where the list knows none."""
    try:
        encoded = host.encode("idna").decode("ascii") if not host.isascii() else host
        return readable(_suffixes().privatesuffix(encoded.lower()) or host)
    except (UnicodeError, ValueError):
        return host


def has_known_ending(host: str) -> bool:
    """Whether the public suffix list knows the host's ending: tells copytrack.com from report.pdf."""
    return bool(_suffixes().publicsuffix(host, accept_unknown=False)) if host.isascii() else True


def same_owner(one: str, other: str) -> bool:
    """Relaxed alignment of DMARC (RFC 7489 §3.1): the same registrable domain."""
    return bool(one) and bool(other) and registrable(readable(one)) == registrable(readable(other))


def belongs(host: str, domains: Iterable[str]) -> bool:
    """Whether the host is one of these domains or under it."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def shown(host: str) -> str:
    """The host as it may be shown to people: with other alphabets in punycode, where they cannot deceive."""
    try:
        return (host if host.isascii() else host.encode("idna").decode("ascii"))[:80]
    except (UnicodeError, ValueError):
        return host.encode("ascii", "backslashreplace").decode("ascii")[:80]
