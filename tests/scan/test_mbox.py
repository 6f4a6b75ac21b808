"""Where mails lie in an mbox, by what mail programs really write."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from inboxbot.mailbox.look import LARGE, LARGE_CUT
from inboxbot.scan.mbox import is_mbox, read_mail, stretches
from tests.scan.archive import mbox, numbered

POSTMARKS = [
    "From a@client.example Mon Jan  1 10:00:00 2024",
    "From - Mon Sep 17 00:00:00 2001",  # Thunderbird
    "From 1234567890123456789@xxx Mon Sep 17 00:00:00 +0000 2001",  # Google Takeout
    "From ???@??? Thu Dec 04 16:36:59 2008",  # Eudora
    "From a at client.example  Mon Jan  1 10:00:00 2024",  # list archives
]


def mails(path: Path) -> list[bytes]:
    return [read_mail(path, stretch.offset, stretch.size)[0] for stretch in stretches(path)]


@pytest.mark.parametrize("postmark", POSTMARKS)
def test_each_mail_comes_as_it_was_before(tmp_path: Path, postmark: str) -> None:
    given = [numbered(number) for number in range(3)]
    path = mbox(tmp_path / "old", given, postmark)
    assert is_mbox(path)
    assert mails(path) == given


def test_a_quoted_from_line_is_given_back_and_begins_no_mail(tmp_path: Path) -> None:
    given = numbered(1, "he wrote:\n\nFrom here on it is mine.\n>From there on, yours.\n")
    path = mbox(tmp_path / "old", [given.replace(b"\n>From", b"\n>>From").replace(b"\nFrom here", b"\n>From here")])
    assert mails(path) == [given]


def test_a_from_line_that_nobody_quoted_begins_a_mail_only_where_a_header_follows(tmp_path: Path) -> None:
    prose = numbered(1, "The log:\n\nFrom Paris, left at 10:00, in 2024, by train.\nNothing else.\n")
    path = mbox(tmp_path / "old", [prose, numbered(2)])
    assert mails(path) == [prose, numbered(2)]


def test_mails_without_a_blank_line_between_are_two(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"".join(POSTMARKS[0].encode() + b"\n" + numbered(n).rstrip() + b"\n" for n in range(2)))
    assert len(mails(path)) == 2


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    given = [numbered(number).replace(b"\n", b"\r\n") for number in range(2)]
    path = tmp_path / "old"
    path.write_bytes(b"".join(POSTMARKS[0].encode() + b"\r\n" + raw + b"\r\n" for raw in given))
    assert mails(path) == given


def test_an_mbox_whose_beginning_is_lost_loses_no_mail_besides(tmp_path: Path) -> None:
    path = mbox(tmp_path / "cut.mbox", [numbered(1), numbered(2)])
    path.write_bytes(path.read_bytes()[60:])
    assert len(mails(path)) == 2
    assert mails(path)[1] == numbered(2)


def test_an_mbox_whose_end_is_lost_has_the_last_mail_as_far_as_it_goes(tmp_path: Path) -> None:
    path = mbox(tmp_path / "cut.mbox", [numbered(1), numbered(2)])
    path.write_bytes(path.read_bytes()[:-10])
    assert mails(path)[0] == numbered(1)
    assert numbered(2).startswith(mails(path)[1])


def test_an_empty_mbox_has_no_mail(tmp_path: Path) -> None:
    (tmp_path / "empty.mbox").write_bytes(b"\n\n")
    assert mails(tmp_path / "empty.mbox") == []


def test_a_flag_that_a_mail_program_writes_changes_no_identity(tmp_path: Path) -> None:
    flagged = [b"Status: RO\nX-Mozilla-Status: 0001\n" + numbered(1), numbered(2)]
    before = [stretch.identity for stretch in stretches(mbox(tmp_path / "a", [numbered(1), numbered(2)]))]
    after = [stretch.identity for stretch in stretches(mbox(tmp_path / "b", flagged))]
    assert before == after
    assert before[0] != before[1]


def test_a_mail_that_moved_is_not_taken_for_the_one_that_was_there(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old", [numbered(1), numbered(2)])
    second = list(stretches(path))[1]
    mbox(path, [numbered(0, "longer than before\n"), numbered(2)])
    assert read_mail(path, second.offset, second.size)[1] != second.identity


def test_a_mail_of_one_very_long_line_is_one_mail(tmp_path: Path) -> None:
    given = numbered(1, "From x " * 40_000 + "\n")
    assert mails(mbox(tmp_path / "old", [given, numbered(2)])) == [given, numbered(2)]


def test_a_very_large_mail_is_cut(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old", [numbered(1, ("x" * 76 + "\n") * (LARGE // 77 + 1)), numbered(2)])
    first, second = mails(path)
    assert len(first) <= LARGE_CUT
    assert second == numbered(2)


def test_there_is_one_copy_of_a_mail_in_memory(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old", [numbered(1, (">From " + "x" * 50_000 + "\n") * 160)])
    (stretch,) = stretches(path)
    tracemalloc.start()
    try:
        raw, _ = read_mail(path, stretch.offset, stretch.size)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.3 * len(raw)
