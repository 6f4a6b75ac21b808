from __future__ import annotations

import pytest

from inboxbot.errors import RefusedError
from inboxbot.mailbox.folders import (
    ALL,
    DRAFTS,
    SENT,
    TRASH,
    Choice,
    Folder,
    Space,
    drafts,
    existing,
    space_of,
    special,
)

FLAT = Space()
COURIER = Space("INBOX.", ".")


def listing(*names: str, separator: str = "/", **marks: str) -> list[Folder]:
    return [
        Folder(name, frozenset({f"\\{marks[name]}"}) if name in marks else frozenset(), separator) for name in names
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Drafts",
        "Brouillons",
        "Entwürfe",
        "Borradores",
        "Bozze",
        "Concepten",
        "Rascunhos",
        "Utkast",
        "drafts",
        "ENTWÜRFE",
        "Entwu\u0308rfe",
    ],
)
def test_drafts_are_known_by_the_names_of_common_clients(name: str) -> None:
    assert drafts(listing("INBOX", "Sent", name), FLAT).name == name


@pytest.mark.parametrize(
    ("name", "space"),
    [("INBOX.Brouillons", COURIER), ("INBOX/Drafts", Space("INBOX/", "/")), ("[Gmail]/Entwürfe", FLAT)],
)
def test_drafts_are_known_beneath_a_prefix(name: str, space: Space) -> None:
    assert drafts(listing("INBOX", name, separator="." if "." in name else "/"), space).name == name


def test_a_mark_beats_every_name() -> None:
    folders = [Folder("Drafts"), Folder("Vorlagen", frozenset({DRAFTS}))]
    assert drafts(folders, FLAT) == Choice("Vorlagen", "marked \\Drafts by the server")


def test_the_configuration_beats_every_mark() -> None:
    folders = [Folder("Drafts", frozenset({DRAFTS})), Folder("Replies")]
    assert drafts(folders, FLAT, "Replies") == Choice("Replies", "named in the configuration")


def test_of_two_names_the_more_usual_one_is_taken_and_the_other_told() -> None:
    assert drafts(listing("Brouillons", "Drafts"), FLAT) == Choice("Drafts", "by its name (there is also Brouillons)")


def test_a_folder_near_the_top_beats_one_further_down() -> None:
    assert drafts(listing("Clients/Drafts", "Brouillons"), FLAT).name == "Brouillons"


def test_several_folders_further_down_are_refused_by_name() -> None:
    with pytest.raises(RefusedError, match=r"several folders could be Drafts: Anna/Drafts, Ben/Drafts"):
        drafts(listing("Anna/Drafts", "Ben/Drafts"), FLAT)


def test_somebodys_past_is_not_drafts() -> None:
    with pytest.raises(RefusedError, match="no Drafts folder"):
        drafts(listing("INBOX", "Archives/2019/Drafts"), FLAT)


def test_a_name_that_cannot_hold_mail_is_no_folder() -> None:
    with pytest.raises(RefusedError, match="no Drafts folder"):
        drafts([Folder("Drafts", frozenset({"\\noselect"}))], FLAT)


def test_without_drafts_the_refusal_names_what_there_is() -> None:
    with pytest.raises(RefusedError, match=r"create one, or name it with `drafts`; there are INBOX, Klanten"):
        drafts(listing("INBOX", "Klanten"), FLAT)
    with pytest.raises(RefusedError, match="no folders at all"):
        drafts([], FLAT)


def test_sent_trash_and_all_are_found_alike() -> None:
    folders = [*listing("Gesendet", "Papierkorb"), Folder("[Gmail]/Alle Nachrichten", frozenset({ALL}))]
    found = [special(folders, FLAT, use) for use in (SENT, TRASH, ALL)]
    assert [choice.name for choice in found if choice] == ["Gesendet", "Papierkorb", "[Gmail]/Alle Nachrichten"]
    assert special(listing("INBOX"), FLAT, SENT) is None


def test_a_folder_is_found_as_a_person_writes_it() -> None:
    folders = listing("INBOX", "INBOX.Inboxbot.Cases", separator=".")
    assert existing(folders, COURIER, "Inboxbot/Cases") == "INBOX.Inboxbot.Cases"
    assert existing(folders, COURIER, "INBOX.Inboxbot.Cases") == "INBOX.Inboxbot.Cases"
    assert existing(folders, COURIER, "inboxbot/cases") == "INBOX.Inboxbot.Cases"
    assert existing(folders, COURIER, "Cases") is None


def test_two_folders_that_differ_by_case_alone_are_not_guessed_between() -> None:
    assert existing(listing("Cases", "CASES"), FLAT, "cases") is None


@pytest.mark.parametrize(
    ("names", "separator", "expected"),
    [
        (["INBOX", "INBOX.Sent", "INBOX.Drafts"], ".", Space("INBOX.", ".")),
        (["INBOX", "Inbox/Sent"], "/", Space("Inbox/", "/")),
        (["INBOX", "INBOX/Clients", "Drafts"], "/", Space("", "/")),
        (["INBOX"], "/", Space("", "/")),
    ],
)
def test_without_namespace_the_listing_shows_where_folders_live(
    names: list[str], separator: str, expected: Space
) -> None:
    assert space_of(listing(*names, separator=separator), None) == expected


def test_the_namespace_of_the_server_counts() -> None:
    assert space_of(listing("INBOX", separator="."), ("INBOX.", ".")) == Space("INBOX.", ".")
