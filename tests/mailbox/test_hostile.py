"""Servers that mean harm: none of them hears the password, none holds the watch, and each is told of in words."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from inboxbot.daemon import watch as watching
from inboxbot.daemon.sweep import Beat
from inboxbot.errors import MailboxError, RefusedError
from inboxbot.mailbox import refusal
from inboxbot.mailbox.connect import Deadlines, Security
from inboxbot.mailbox.imap import ImapMailbox, open_imap
from tests.contracts.mailbox_contract import DRAFT_FLAGS, mail, nobody
from tests.daemon.office import Office, at_work, until
from tests.servers.hostile import Answer, HostileImap, Play, Stage, answering
from tests.servers.imapservers import HERE, PASSWORD, Server
from tests.servers.imapworld import ImapWorld
from tests.servers.verbs import forbidden

IMPATIENT = Deadlines(connect=0.5, login=0.5, command=0.5, fetch=0.5, done=0.5, leave=0.2)
EVIL = b"imap://evil.example/"


def opened_at(port: int, security: Security, ca_file: str | None = None, account: str | None = None) -> ImapMailbox:
    """A mailbox of the user claire, in a hurry."""
    options = {"host": "localhost", "user": "claire", "secret": lambda: PASSWORD, "deadlines": IMPATIENT}
    return open_imap(port=port, security=security, ca_file=ca_file, account=account, **options)


@contextlib.contextmanager
def opened(port: int, security: Security, ca_file: Path | None = None) -> Iterator[ImapMailbox]:
    mailbox = opened_at(port, security, str(ca_file) if ca_file else None)
    try:
        yield mailbox
    finally:
        mailbox.close()


def in_order(error: MailboxError) -> str:
    """The error's words, which must be one clean line."""
    told = str(error)
    assert told.isprintable()
    assert len(told) < 500
    return told


# --- before the login -------------------------------------------------------------------------------------------------


def saying(text: bytes) -> Play:
    """This for a greeting, and then silence."""

    def play(stage: Stage) -> None:
        stage.say(text)
        stage.linger()

    return play


def for_ever(text: bytes, pause: float = 0.0) -> Play:
    """The same again and again."""

    def play(stage: Stage) -> None:
        while True:
            stage.say(text)
            time.sleep(pause)

    return play


def on_starttls(answer: Answer) -> Play:
    """An ordinary server that offers STARTTLS, and answers it so."""
    return answering({b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n", b"STARTTLS": answer})


def granted(then: Callable[[Stage], object]) -> Answer:
    """STARTTLS is granted, and this follows."""

    def answer(stage: Stage, tag: bytes) -> None:
        stage.say(tag + b" OK begin\r\n")
        then(stage)

    return answer


def instead_of_tls(text: bytes) -> Answer:
    """STARTTLS is granted, and what follows is no TLS."""

    def speak(stage: Stage) -> None:
        stage.anything()
        stage.say(text)
        stage.linger()

    return granted(speak)


IN_CLEAR: dict[str, tuple[Play, str]] = {
    "STARTTLS taken out": (answering({}), 'offers no STARTTLS: use security = "tls"'),
    "STARTTLS refused": (on_starttls(b"TAG NO not today\r\n"), "not today"),
    "STARTTLS unknown": (on_starttls(b"TAG BAD what?\r\n"), "what"),
    "words slipped in behind STARTTLS": (
        on_starttls(b"TAG OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nX1 OK logged in\r\n"),
        "spoke in clear after STARTTLS",
    ),
    "clear text where TLS begins": (on_starttls(instead_of_tls(b"* OK go on\r\n")), "no TLS 1.2 or later"),
    "a web page where TLS begins": (on_starttls(instead_of_tls(b"HTTP/1.1 400 Bad\r\n")), "no TLS 1.2 or later"),
    "silence where TLS begins": (on_starttls(granted(Stage.linger)), "no answer"),
    "PREAUTH": (answering({}, b"* PREAUTH you are in\r\n"), "remove the tunnel"),
    "BYE": (saying(b"* BYE go away\r\n"), "go away"),
    "a referral for a greeting": (saying(b"* BYE [REFERRAL " + EVIL + b"] moved\r\n"), "REFERRAL"),
    "a web server": (saying(b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"), "no IMAP session: unexpected response"),
    "a mail server of another kind": (saying(b"220 mx.example ESMTP\r\n"), "no IMAP session: unexpected response"),
    "bytes without meaning": (saying(bytes(range(256)) * 20 + b"\r\n"), "no IMAP session"),
    "a literal of 4 GB for a greeting": (saying(b"* OK {4000000000}\r\n"), "announced 4000000000 bytes"),
    "a literal beyond all numbers": (saying(b"* OK {%s}\r\n" % (b"9" * 5000)), "no IMAP session"),
    "a line without end": (for_ever(b"x" * 65536), "more than it had announced"),
    "a flood that nobody asked for": (for_ever(b"* OK here is more\r\n" * 1000), "no IMAP session|no answer"),
    "silence": (saying(b""), "no answer within"),
    "one byte now and then": (for_ever(b"*", 0.05), "no complete answer within|no answer within"),
    "control characters": (saying(b"* BYE \x1b[2J\x1b]0;x\x07 \x9b31m you\r\n"), "no IMAP session"),
}


@pytest.mark.parametrize("name", IN_CLEAR)
def test_who_keeps_us_from_tls_does_not_hear_the_password(name: str) -> None:
    play, words = IN_CLEAR[name]
    with (
        HostileImap(play) as server,
        pytest.raises(MailboxError, match=words) as caught,
        opened(server.port, "starttls"),
    ):
        pass
    in_order(caught.value)
    assert server.connections == 1
    assert not server.knows_the_password()


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: a good one, an expired one, one for another host, and the authority that signed them."""
    directory = tmp_path_factory.mktemp("tls")
    subprocess.run(["sh", str(HERE / "mkcert.sh"), str(directory)], check=True, capture_output=True)
    return directory


def presented(tls: Path, name: str = "server") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls / f"{name}.crt", tls / f"{name}.key")
    return context


WELCOME = answering({})


@pytest.mark.parametrize(
    ("certificate", "trusted", "words"),
    [
        ("server", False, "not valid.*`ca_file`"),
        ("expired", True, "not valid: certificate has expired"),
        ("wronghost", True, "not valid: .*localhost"),
    ],
)
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_who_cannot_prove_its_name_does_not_hear_the_password(
    tls: Path, certificate: str, trusted: bool, words: str, security: Security
) -> None:
    context = presented(tls, certificate)
    play = WELCOME if security == "tls" else on_starttls(granted(lambda stage: (stage.secure(context), WELCOME(stage))))
    with (
        HostileImap(play, context if security == "tls" else None) as server,
        pytest.raises(RefusedError, match=words) as caught,
        opened(server.port, security, tls / "ca.crt" if trusted else None),
    ):
        pass
    in_order(caught.value)
    assert not server.knows_the_password()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_who_speaks_an_old_tls_only_does_not_hear_the_password(tls: Path, version: ssl.TLSVersion) -> None:
    context = presented(tls)
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        HostileImap(WELCOME, context) as server,
        pytest.raises(RefusedError, match=r"no TLS 1\.2 or later there") as caught,
        opened(server.port, "tls", tls / "ca.crt"),
    ):
        pass
    in_order(caught.value)
    assert not server.knows_the_password()


def test_a_login_claimed_under_tls_is_refused_too(tls: Path) -> None:
    play = answering({}, greeting=b"* PREAUTH you are in\r\n")
    with (
        HostileImap(play, presented(tls)) as server,
        pytest.raises(RefusedError, match="PREAUTH"),
        opened(server.port, "tls", tls / "ca.crt"),
    ):
        pass
    assert not server.knows_the_password()


def test_the_hostile_server_would_know_the_password_if_it_heard_it(tls: Path) -> None:
    with HostileImap(WELCOME, presented(tls)) as server, opened(server.port, "tls", tls / "ca.crt"):
        pass
    assert server.knows_the_password()


# --- at the login and after it ----------------------------------------------------------------------------------------

DEEP = b"(" * 100_000
LISTED = b'* LIST (\\HasNoChildren) "/" '
HEAD, BODY = b"UID FETCH HEAD", b"UID FETCH BODY"
OPENED = b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT %s] x\r\nTAG OK [READ-ONLY] done\r\n"


def dripping(stage: Stage, _: bytes) -> None:
    for_ever(b"*", 0.05)(stage)


def flooding(stage: Stage, _: bytes) -> None:
    for_ever(b"* 1 EXISTS\r\n" * 5000)(stage)


def hanging(stage: Stage, _: bytes) -> None:
    stage.linger()


AFTER: dict[str, tuple[bytes, Answer, str]] = {
    "a referral at the login": (b"LOGIN", b"TAG NO [REFERRAL " + EVIL + b"] go there\r\n", "wrong user or password"),
    "a throttled login": (b"LOGIN", b"TAG NO [UNAVAILABLE] later\r\n", "no login for claire now"),
    "a login that drips": (b"LOGIN", dripping, "no (complete )?answer within"),
    "a login that is flooded": (b"LOGIN", flooding, "connection lost at login"),
    "a login answered with a literal of 4 GB": (b"LOGIN", b"* OK {4000000000}\r\n", "announced 4000000000 bytes"),
    "a login answered in another's name": (b"LOGIN", b"ZZ99 OK welcome\r\n", "connection lost at login"),
    "a login answered with controls": (b"LOGIN", b"TAG NO \x1b[2J\x1b]0;owned\x07\r\n", "wrong user or password"),
    "capabilities a hundred thousand deep": (b"CAPABILITY", b"* CAPABILITY " + DEEP + b"\r\nTAG OK done\r\n", ""),
    "a folder list a hundred thousand deep": (b"LIST", b"* LIST " + DEEP + b"\r\nTAG OK done\r\n", "listing"),
    "a folder list without folders": (b"LIST", b"TAG OK done\r\n", "no Drafts folder"),
    "a folder list of nonsense": (b"LIST", b"* LIST what\r\n* LIST\r\n* LIST (\r\nTAG OK done\r\n", "listing"),
    "a folder list with line ends in names": (
        b"LIST",
        LISTED.replace(b"\\HasNoChildren", b"\\Drafts") + b"{21}\r\nx\r\nZ1 DELETE INBOX\r\n\r\nTAG OK done\r\n",
        "control characters|no Drafts folder|listing",
    ),
    "a folder list without end": (b"LIST", lambda stage, _: for_ever(LISTED + b"x" * 9000 + b"\r\n")(stage), "listing"),
    "UIDNEXT beyond all numbers": (b"EXAMINE", OPENED % (b"9" * 5000), "opening INBOX"),
    "UIDNEXT beyond the store": (b"EXAMINE", OPENED % b"99999999999999999999999", "opening INBOX"),
    "UIDNEXT nought": (b"EXAMINE", OPENED % b"0", "opening INBOX"),
    "UIDNEXT that is no number": (b"EXAMINE", OPENED % b"x", "opening INBOX"),
    "a flood at EXAMINE": (b"EXAMINE", flooding, "while opening INBOX"),
    "a drip at EXAMINE": (b"EXAMINE", dripping, "while opening INBOX"),
    "silence at EXAMINE": (b"EXAMINE", hanging, "while opening INBOX"),
    "a continuation that nobody asked for": (b"EXAMINE", b"+ go on\r\n", "while opening INBOX"),
    "BYE in the middle": (b"EXAMINE", b"* BYE [REFERRAL " + EVIL + b"] moved\r\n", "while opening INBOX"),
    "heads of mails that nobody asked for": (HEAD, b"* 9 FETCH (UID 99999 RFC822.SIZE 1)\r\nTAG OK done\r\n", ""),
    "a head with a size below nought": (HEAD, b"* 1 FETCH (UID 1 RFC822.SIZE -5)\r\nTAG OK done\r\n", ""),
    "a size beyond the store": (HEAD, b"* 1 FETCH (UID 1 RFC822.SIZE %s)\r\nTAG OK done\r\n" % (b"9" * 40), ""),
    "heads a hundred thousand deep": (HEAD, b"* 1 FETCH (UID 1 BODY[] " + DEEP + b"\r\nTAG OK done\r\n", "headers"),
    "a mail of 4 GB": (BODY, b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n", "announced 4000000000 bytes"),
    "a mail of less than nothing": (BODY, b"* 1 FETCH (UID 1 BODY[] {-5}\r\n)\r\nTAG OK done\r\n", ""),
    "a mail that drips": (BODY, dripping, "fetching from INBOX"),
    "a mail under a flood": (BODY, flooding, "fetching from INBOX"),
    "a mail that is another": (BODY, b"* 1 FETCH (UID 2 BODY[] {1}\r\nx)\r\nTAG OK done\r\n", ""),
    "a literal that is begged for a draft's": (b"APPEND", b"TAG NO [REFERRAL " + EVIL + b"] there\r\n", "REFERRAL"),
    "a draft taken in a drip": (b"APPEND", dripping, "filing into Drafts"),
}


def use_all_of_it(port: int) -> None:
    with opened(port, "none") as mailbox:
        cursor, new = mailbox.arrivals("INBOX", None, since=date(1970, 1, 1), known=nobody)
        assert cursor.uid < 2**63
        assert all(arrival.uid == 1 and 0 <= arrival.size < 2**63 for arrival in new)
        assert [raw for _, raw in mailbox.fetch(new) if raw == b"x"] == []
        mailbox.append(mailbox.drafts_folder(), mail("draft"), DRAFT_FLAGS)


@pytest.mark.parametrize("name", AFTER)
def test_a_server_that_turns_hostile_is_left_in_words(name: str) -> None:
    command, answer, words = AFTER[name]
    with HostileImap(answering({command: answer})) as server:
        if words:
            with pytest.raises(MailboxError, match=words) as caught:
                use_all_of_it(server.port)
            in_order(caught.value)
        else:
            with contextlib.suppress(MailboxError):
                use_all_of_it(server.port)
    assert server.connections == 1
    assert forbidden(bytes(server.heard)) == []


def test_there_are_more_than_twelve_hostile_servers() -> None:
    assert len(IN_CLEAR) + len(AFTER) > 48


# --- and the watch goes on --------------------------------------------------------------------------------------------


@pytest.fixture
def office(dovecot: Server, user: str) -> Iterator[Office]:
    with ImapWorld(dovecot.imap, user) as world:
        yield Office(world)


def test_the_watch_survives_all_of_them_and_still_drafts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(refusal, "_PASSING", {"UNAVAILABLE": 0.02})
    parts: list[tuple[Play, Security]] = [(play, "starttls") for play, _ in IN_CLEAR.values()]
    parts += [(answering({command: answer}), "none") for command, answer, _ in AFTER.values()]
    left, servers = iter(parts), []

    def open_next() -> ImapMailbox:
        """The next hostile server, each second time a good one whose line breaks; in the end the good one for good."""
        nonlocal broken
        broken = not broken
        if broken and (part := next(left, None)):
            play, security = part
            servers.append(hostile.enter_context(HostileImap(play)))
            return opened_at(servers[-1].port, security, account=f"claire-{len(servers)}@localhost")
        mailbox = office.open()
        if len(servers) < len(parts):
            mailbox._session._drop()
        return mailbox

    broken = False
    watch = replace(office.watch(opener=open_next), beat=Beat("office", ("INBOX",), "all"))
    with contextlib.ExitStack() as hostile, at_work(watch, waiting=False):
        until(lambda: len(servers) == len(parts), "all of them")
        office.world.deliver(mail("a"))
        office.drafted("a")
    assert not any(server.knows_the_password() for server in servers[: len(IN_CLEAR)])
    assert [forbidden(bytes(server.heard)) for server in servers[len(IN_CLEAR) :]] == [[]] * len(AFTER)
