"""Which mails an archive holds, also while it changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from inboxbot.scan.look import Look
from tests.scan.archive import folder, maildir, mbox, numbered


def look(*paths: Path) -> tuple[Look, dict[str, str]]:
    troubles: dict[str, str] = {}
    return Look([str(path) for path in paths], troubles.__setitem__), troubles


def ids(*paths: Path) -> list[str]:
    return [place.id for place in look(*paths)[0].places()]


def archive(where: Path) -> Path:
    folder(where / "letters" / "2019", map(numbered, range(3)))
    maildir(where / "Mail" / ".Sent", map(numbered, range(3, 6)))
    mbox(where / "INBOX", map(numbered, range(6, 9)))
    (where / "INBOX.msf").write_text("// <!-- <mdb:mork:z -->")
    (where / "Mail" / ".Sent" / "dovecot-uidlist").write_text("3 V1 N4")
    (where / "Mail" / ".Sent" / "tmp" / "half").write_bytes(numbered(99))
    (where / "notes.txt").write_text("no mail")
    return where


def test_every_kind_of_archive_is_found_beneath_a_folder_and_nothing_else(tmp_path: Path) -> None:
    seen, troubles = look(archive(tmp_path))
    places = list(seen.places())
    assert len(places) == len({place.id for place in places}) == 9
    assert sorted(place.number or 0 for place in places if place.path.endswith("INBOX")) == [1, 2, 3]
    assert troubles == {}


def test_the_size_is_that_of_all_mail(tmp_path: Path) -> None:
    assert look(archive(tmp_path))[0].size() == sum(place.size for place in look(tmp_path)[0].places())


def test_a_mail_is_the_same_mail_whichever_way_leads_to_it(tmp_path: Path) -> None:
    archive(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "letters")
    assert ids(tmp_path / "letters") == ids(tmp_path / "link") == ids(tmp_path / "Mail" / ".." / "letters")


def test_a_maildir_mail_stays_the_same_when_it_is_flagged_or_seen_for_the_first_time(tmp_path: Path) -> None:
    box = maildir(tmp_path, [numbered(1)])
    (file,) = (box / "cur").iterdir()
    file.rename(box / "new" / "1700000000.M1P1.host")
    fresh = ids(box)
    (box / "new" / "1700000000.M1P1.host").rename(box / "cur" / "1700000000.M1P1.host,U=7:2,FS")
    assert ids(box) == fresh


def test_an_mbox_mail_stays_the_same_when_one_before_it_is_taken_out(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old", map(numbered, range(4)))
    before = ids(path)
    mbox(path, [numbered(0), numbered(2), numbered(3)])
    assert ids(path) == [before[0], before[2], before[3]]


def test_two_mails_that_are_alike_are_two(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old", [numbered(1), numbered(1)])
    assert len(set(ids(path))) == 2


def test_what_is_named_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(numbered(1))
    assert len(ids(tmp_path / "letter.txt")) == 1


def test_what_is_not_there_or_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    seen, troubles = look(tmp_path / "gone", tmp_path / "pipe")
    assert list(seen.places()) == []
    assert troubles == {
        str(tmp_path / "gone"): "cannot be read: No such file or directory",
        str(tmp_path / "pipe"): "is neither a file nor a folder",
    }


def test_a_mail_that_came_or_moved_meanwhile_calls_for_another_look(tmp_path: Path) -> None:
    seen, _ = look(archive(tmp_path))
    assert list(seen.places())
    assert not seen.changed()
    shutil.move(tmp_path / "letters" / "2019" / "000.eml", tmp_path / "000.eml")
    assert seen.changed()


def test_an_mbox_that_grew_meanwhile_calls_for_another_look(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old", [numbered(1)])
    seen, _ = look(path)
    assert list(seen.places())
    mbox(path, [numbered(1), numbered(2)])
    assert seen.changed()
