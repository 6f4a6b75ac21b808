"""What a server or a line says when something fails, as one error in words that name the host and the mend.

Pure: it looks at exceptions and server texts only.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl

from imapclient.exceptions import CapabilityError, ProtocolError

from inboxbot.errors import MailboxError, RefusedError, SignInError

# Everything by which imaplib and imapclient tell of a broken line or of nonsense on it. LookupError, ValueError and the
# like are how their parsers fail on what is no IMAP, RecursionError how they fail on lists a hundred thousand deep.
FAILURES = (
    imaplib.IMAP4.error,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AssertionError,
    AttributeError,
    RecursionError,
)

_CODE = re.compile(r"\[([A-Z][A-Z-]*)[^\]]*\]", re.IGNORECASE)
_BACKOFF = re.compile(r"backoff time:?\s*(\d{1,12})\s*(milli)?seconds", re.IGNORECASE)
_TAGGED = re.compile(r" failed: | command error: (?:NO|BAD)|^\w+ failed", re.IGNORECASE)
_LATER = re.compile(
    r"throttl|too many|try again|temporar|not connected|server is busy|bandwidth|simultaneous|session limit|exceeded command",
    re.IGNORECASE,
)
_FOR_LONG = re.compile(r"bandwidth|exceeded command", re.IGNORECASE)  # Gmail closes an account's IMAP for hours
_BY_APP_PASSWORD = re.compile(r"application-specific password|web browser|web login|app password", re.IGNORECASE)
_LONGEST_PAUSE = 6 * 3600.0

# RFC 5530 §3: which refusals pass by themselves, and how long to leave the server alone (seconds)
_PASSING = {"UNAVAILABLE": 60.0, "INUSE": 60.0, "THROTTLED": 300.0, "SERVERBUG": 60.0}
_LASTING = {"OVERQUOTA": 900.0, "LIMIT": 900.0}
_MENDS = {
    "OVERQUOTA": "the mailbox is full: make room in it",
    "LIMIT": "a limit of the server is reached",
    "NOPERM": "this account may not do that: give it write access to the folder",
    "READ-ONLY": "the folder is read-only: give the account write access to it",
    "TRYCREATE": "the folder does not exist: create it, or name another one",
    "NONEXISTENT": "the folder does not exist: create it, or name another one",
}


def in_words(error: BaseException, host: str, doing: str) -> MailboxError:
    """The failure as RefusedError (the server answered no, and waiting will not mend it) or else MailboxError."""
    if isinstance(error, MailboxError):
        return error
    text = said(error)
    if not was_answered(error):
        return MailboxError(f"{host}: connection lost while {doing}: {_reason(error, text)}", retry_after=pause(text))
    code = code_of(text)
    if code in _PASSING or _FOR_LONG.search(text) or (code not in _LASTING and _LATER.search(text)):
        return MailboxError(f"{host}: not now, while {doing}: {text}", retry_after=pause(text))
    mend = _MENDS.get(code, "")
    return RefusedError(
        f"{host}: refused while {doing}: {text}" + (f" ({mend})" if mend else ""), retry_after=pause(text)
    )


def was_answered(error: BaseException) -> bool:
    """Whether a tagged NO or BAD came: only then is it certain that the command did nothing."""
    if not isinstance(error, imaplib.IMAP4.error) or isinstance(error, imaplib.IMAP4.abort | ProtocolError):
        return False
    if isinstance(error, CapabilityError):
        return True
    inner = error.__context__  # imapclient's LoginError hides a lost line (servers study §6a)
    if isinstance(inner, imaplib.IMAP4.abort | OSError):
        return False
    return bool(_TAGGED.search(str(error))) or type(error).__name__ == "LoginError"


def connecting(error: BaseException, host: str, port: int, security: str) -> MailboxError:
    """Why no session could be had: name, line, TLS or the server's own word, told apart."""
    where = f"{host}:{port}"
    if isinstance(error, MailboxError):
        return error
    if isinstance(error, socket.gaierror):
        return MailboxError(f"{host}: this name cannot be resolved: check `host`, or the network")
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        by_time = "expired" in why or "not yet valid" in why
        mend = "the server's, and this machine's clock" if by_time else "`host`, or give the authority with `ca_file`"
        return RefusedError(f"{where}: its certificate is not valid: {why}: check {mend}")
    if isinstance(error, ssl.SSLError):
        mend = 'security = "starttls" (port 143)' if security == "tls" else "the server's TLS set-up"
        return RefusedError(f"{where}: no TLS 1.2 or later there ({error.reason or 'handshake failed'}): try {mend}")
    if isinstance(error, ConnectionRefusedError):
        return MailboxError(f"{where}: nothing listens there: check `port`, or whether the server is down")
    if isinstance(error, CapabilityError):
        return RefusedError(f'{where}: the server offers no STARTTLS: use security = "tls" with its TLS port (993)')
    if isinstance(error, TimeoutError):
        return MailboxError(
            f"{where}: no answer: {said(error)}: check `port`, the firewall, or whether `security` fits the port"
        )
    text = said(error)
    return MailboxError(f"{where}: no IMAP session: {_reason(error, text)}", retry_after=pause(text))


def login_failed(error: BaseException, host: str, user: str) -> MailboxError:
    """Why the login failed: a wrong password only where the server said so."""
    if passing := _no_login_now(error, host, user):
        return passing
    text = said(error)
    if code_of(text) == "PRIVACYREQUIRED":
        return RefusedError(f'{host}: the server wants encryption before the login: use security = "tls" or "starttls"')
    if _BY_APP_PASSWORD.search(text):
        return SignInError(
            f"{host}: no login for {user} by this password, says the server: {text}: give an app password, or sign in by "
            'auth = "xoauth2" (docs/providers.md)'
        )
    return SignInError(f"{host}: wrong user or password for {user}, says the server: {text}")


def token_refused(error: BaseException, host: str, user: str) -> MailboxError:
    """Why a login by an access token failed; a token is no guess, so that asking again locks nobody out."""
    if passing := _no_login_now(error, host, user):
        return passing
    return RefusedError(
        f"{host}: the access token for {user} was refused, says the server: {said(error)}: check that `user` is the account "
        "that signed in, and that IMAP is switched on for it"
    )


def _no_login_now(error: BaseException, host: str, user: str) -> MailboxError | None:
    """The failure, if it will pass by itself."""
    text = said(error)
    if not was_answered(error):
        return MailboxError(f"{host}: connection lost at login: {_reason(error, text)}", retry_after=pause(text))
    code = code_of(text)
    if code in _PASSING or code in _LASTING or (code != "AUTHENTICATIONFAILED" and _LATER.search(text)):
        return MailboxError(f"{host}: no login for {user} now: {text}", retry_after=pause(text) or 60.0)
    return None


def code_of(text: str) -> str:
    """The response code of RFC 3501 §7.1 in a server's text, upper-case, or nothing."""
    found = _CODE.search(text)
    return found[1].upper() if found else ""


def pause(text: str) -> float | None:
    """How many seconds the server asked to be left alone, in its words or by the meaning of its code."""
    if found := _BACKOFF.search(text):
        return min(int(found[1]) / (1000 if found[2] else 1), _LONGEST_PAUSE)
    if _FOR_LONG.search(text):
        return 3600.0
    code = code_of(text)
    return _PASSING.get(code) or _LASTING.get(code) or (60.0 if _LATER.search(text) else None)


def said(error: BaseException) -> str:
    """The server's or the system's words, on one line, without the libraries' wrapping."""
    raw = error.args[0] if error.args else ""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(error)
    text = re.sub(r"^(?:command: \w+ => |socket error: |\w+ failed: |\w+ command error: )+", "", text)
    text = re.sub(r"^(?:BAD|NO) \[b['\"](.*)['\"]\]$", r"\1", text)
    text = re.sub(r"^b['\"](.*)['\"]$", r"\1", text)
    text = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).split())
    return text[:200] or type(error).__name__


def _reason(error: BaseException, text: str) -> str:
    if isinstance(error, TimeoutError):
        return text
    if "EOF" in text:
        return "the server hung up"
    if isinstance(error, ConnectionError | ssl.SSLError):
        return getattr(error, "strerror", None) or text
    if isinstance(error, OSError | imaplib.IMAP4.abort):
        return text
    return f"the server does not speak IMAP there ({text[:80]})"
