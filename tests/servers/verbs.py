"""What a client said to an IMAP server, command by command, with literals taken out."""

from __future__ import annotations

import re

_TOUCHING = re.compile(rb"\bBODY\[|\bBINARY\[|\bRFC822(?!\.SIZE|\.HEADER)")
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")

# docs/contract.md, "In the mailbox"
SESSION = {
    "CAPABILITY",
    "LOGIN",
    "AUTHENTICATE",
    "STARTTLS",
    "ID",
    "ENABLE",
    "NAMESPACE",
    "LIST",
    "NOOP",
    "IDLE",
    "LOGOUT",
}
READING = {"EXAMINE", "SELECT", "UNSELECT", "STATUS", "UID SEARCH", "UID FETCH", "SEARCH", "FETCH"}
FILING = {"APPEND"}
OWN_FOLDERS = {"CREATE", "SUBSCRIBE"}  # by `init` and `check --fix` alone


PERSON = {"name": "person"}  # how a client that is not the bot introduces itself (ID, RFC 2971)
CLAIM = re.compile(
    rb"UID STORE \d+ \(UNCHANGEDSINCE \d+\) \+FLAGS\.SILENT \(\$InboxbotClaim \$InboxbotClaim-[0-9a-z]+\)"
)  # with `keywords`
_STAMP = re.compile(rb"(?m)^\d{10}\.\d{6} ")
_TAGGED = re.compile(rb"([A-Z]{4}\d+ )")


def logged(log: bytes) -> list[bytes]:
    """The commands of one connection in a server's own log of it (Dovecot's rawlog); none for a person's."""
    said = _STAMP.sub(b"", log)
    first = _TAGGED.match(said)
    if first is None or b'ID ("name" "person")' in said:
        return []
    line = re.compile(rb"(?m)^%s\d+ ([^\r\n]*)\r\n" % re.escape(first[1][:4]))
    return line.findall(said)


def never_to_be_said(spoken: list[bytes]) -> list[bytes]:
    """Commands that no run of the program may ever give: no verb beyond its own, and no FETCH that marks mail as read."""
    allowed = SESSION | READING | FILING | OWN_FOLDERS
    return [
        command
        for command in spoken
        if not CLAIM.fullmatch(command)
        and (verb(command) not in allowed or ("FETCH" in verb(command) and _touches(command)))
    ]


def commands(said: bytes) -> list[bytes]:
    """The commands of one connection in order, without tags and literals; "DONE" of IDLE is none of its own."""
    found: list[bytes] = []
    tag = re.compile(rb"%s\d+ " % re.escape(said[:4]))  # imaplib: four letters a connection, and a number
    while said:
        line, end, said = said.partition(b"\r\n")
        line += end
        while (
            said and (literal := _LITERAL.search(line)) and not tag.match(said)
        ):  # else the server refused the literal
            said = said[int(literal[1]) :]
            more, end, said = said.partition(b"\r\n")
            line += more + end
        if line.strip().upper() not in (b"", b"DONE"):
            found.append(line.split(b" ", 1)[-1].strip())
    return found


def verb(command: bytes) -> str:
    """LOGIN, UID FETCH …"""
    words = command.decode("utf-8", "replace").upper().split()
    return " ".join(words[:2]) if words[0] == "UID" else words[0]


def forbidden(said: bytes) -> list[bytes]:
    """Commands of one connection that the bot must never send: anything but its verbs, a FETCH that is no PEEK, SELECT for writing."""
    allowed = SESSION | READING | FILING
    return [
        command
        for command in commands(said)
        if verb(command) not in allowed or verb(command) == "SELECT" or ("FETCH" in verb(command) and _touches(command))
    ]


def _touches(command: bytes) -> bool:
    return _TOUCHING.search(command.upper()) is not None
