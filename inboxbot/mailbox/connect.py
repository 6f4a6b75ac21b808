"""From host and password to a session: TLS as chosen and verified, never clear text beyond this machine, a login in words.

RFC 8314 (implicit TLS), RFC 8997 (TLS 1.2 at least); STARTTLS, when chosen, is mandatory, and a PREAUTH greeting, which
would skip it, is refused (CVE-2020-12398; reliability study §4.4).
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from imapclient import IMAPClient

from inboxbot.errors import RefusedError
from inboxbot.mailbox import refusal
from inboxbot.mailbox.line import Client

Security = Literal["tls", "starttls", "none"]
Login = Callable[[IMAPClient], object]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each step may take as a whole, in seconds (reliability study §2.3)."""

    connect: float = 20.0
    login: float = 30.0
    command: float = 120.0
    fetch: float = 60.0  # and the time that its bytes take
    done: float = 30.0  # the answer to DONE
    leave: float = 2.0
    bytes_per_second: float = 50_000.0  # slower than this is a hang


def connect(
    host: str, port: int, security: Security, ca_file: str | None, user: str, login: Login, deadlines: Deadlines
) -> Client:
    """A logged-in session; MailboxError or RefusedError say in one line what failed and the mend."""
    if security == "none" and not is_loopback(host):
        raise RefusedError(f'{host}: security = "none" would send the password in clear: use "tls"')
    logging.getLogger("imapclient").setLevel(logging.CRITICAL)  # at DEBUG it writes whole mails
    client = None
    try:
        context = None if security == "none" else tls_context(ca_file)
        client = Client(host, port, context if security == "tls" else None, deadlines.connect)
        if client.line.state != "NONAUTH":
            raise RefusedError(  # noqa: TRY301 - one way out, below
                f"{host}: the server claims that we are logged in already (PREAUTH), which is not safe: {_LEAVE}"
            )
        if security == "starttls":
            client.starttls(context)
    except refusal.FAILURES as error:
        _hang_up(client)
        raise refusal.connecting(error, host, port, security) from error
    except RefusedError:
        _hang_up(client)
        raise
    try:
        client.line.allow(deadlines.login)
        login(client)
    except refusal.FAILURES as error:
        _hang_up(client)
        raise refusal.login_failed(error, host, user) from error
    except BaseException:  # the secret could not be had
        _hang_up(client)
        raise
    return client


_LEAVE = "remove the tunnel or the server's exception for this address"


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Verified TLS 1.2 or later, by the system's authorities or by the given one; RefusedError when that is unreadable."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise RefusedError(f"ca_file {ca_file} cannot be used: {error.strerror or error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def with_password(user: str, secret: Callable[[], str]) -> Login:
    """A login by password, by LOGIN or, where that cannot carry it, by AUTHENTICATE PLAIN; asked for anew each time."""

    def login(client: IMAPClient) -> object:
        password = secret()
        if any(ord(c) < 32 or ord(c) == 127 for c in user + password):
            raise RefusedError("user or password hold control characters: check the file they come from")
        simple = (user + password).isascii() and not set(user) & set(' "\\(){}%*]')
        if not simple or client.has_capability("LOGINDISABLED"):
            return client.plain_login(user, password)
        return client.login(user, password)

    return login


def with_token(user: str, token: Callable[[], str]) -> Login:
    """A login by an access token: XOAUTH2, as Google and Microsoft have it, else OAUTHBEARER (RFC 7628)."""

    def login(client: IMAPClient) -> object:
        bearer = token()
        if any(ord(c) < 32 or ord(c) > 126 for c in user + bearer):
            raise RefusedError("user or access token hold characters that cannot be sent: check where they come from")
        if client.has_capability("AUTH=XOAUTH2") or not client.has_capability("AUTH=OAUTHBEARER"):
            mechanism, first, last = "XOAUTH2", f"user={user}\1auth=Bearer {bearer}\1\1", ""
        else:
            name = user.replace("=", "=3D").replace(",", "=2C")
            mechanism, first, last = "OAUTHBEARER", f"n,a={name},\1auth=Bearer {bearer}\1\1", "\1"
        answers = iter((first,))
        try:
            return client.sasl_login(mechanism, lambda _: next(answers, last))  # a refusal comes as one challenge more
        except refusal.FAILURES as error:
            raise refusal.token_refused(error, client.host, user) from error

    return login


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _hang_up(client: Client | None) -> None:
    if client is not None:
        with contextlib.suppress(Exception):
            client.shutdown()
