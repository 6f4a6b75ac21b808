from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from inboxbot.mailbox.fetched import read, spans


def test_uids_are_written_as_spans() -> None:
    assert spans([5, 6, 7, 9]) == "5:7,9"
    assert spans([3]) == "3"


def test_a_mail_is_read_from_what_stands_around_its_literal() -> None:
    before = rb'3 (UID 17 FLAGS (\Seen $Label1) INTERNALDATE " 2-Mar-2026 09:30:00 +0100" RFC822.SIZE 1234 BODY[] {5}'
    mail = read([(before, b"a\r\nb)"), b")"])[17]
    assert (mail.size, mail.flags, mail.body) == (1234, {"\\Seen", "$Label1"}, b"a\r\nb)")
    assert mail.arrived_at == datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def test_what_a_server_says_after_the_literal_counts_too() -> None:
    assert read([(b"3 (BODY[] {1}", b"x"), b" UID 17 FLAGS (\\Answered))"])[17].flags == {"\\Answered"}


def test_words_in_a_mail_are_not_taken_for_the_servers() -> None:
    mail = read([(b"3 (UID 17 BODY[] {30}", b"UID 99 FLAGS (\\Answered) x {5}"), b")"])
    assert list(mail) == [17]
    assert mail[17].flags == frozenset()


def test_nil_means_gone_and_an_empty_string_an_empty_mail() -> None:
    assert read([b"3 (UID 17 BODY[] NIL)"])[17].body is None
    assert read([b'3 (UID 17 BODY[] "")'])[17].body == b""


def test_a_body_as_a_quoted_string_is_read() -> None:
    told = read([b'3 (UID 17 BODY[HEADER.FIELDS (MESSAGE-ID)] "Message-ID: <a@b.example>")'])
    assert told[17].body == b"Message-ID: <a@b.example>"


def test_a_flag_change_pushed_between_is_joined_to_its_mail() -> None:
    told = read([b"3 (UID 17 FLAGS (\\Answered))", (b"3 (UID 17 RFC822.SIZE 9 BODY[] {1}", b"x"), b")"])
    assert (told[17].flags, told[17].body, told[17].size) == ({"\\Answered"}, b"x", 9)


def test_flags_of_the_system_are_the_same_in_any_case() -> None:
    assert read([b"3 (UID 17 FLAGS (\\ANSWERED $Label))"])[17].flags == {"\\Answered", "$Label"}


def test_a_flag_change_without_uid_tells_of_nobody() -> None:
    assert read([b"3 (FLAGS (\\Seen))"]) == {}
    assert read([None]) == {}


def test_a_date_that_is_none_is_none() -> None:
    assert read([b'3 (UID 17 INTERNALDATE "31-Feb-2026 09:30:00 +0000")'])[17].arrived_at is None
    moment = read([b'3 (UID 17 INTERNALDATE "01-JAN-2026 00:00:00 +0000")'])[17].arrived_at
    assert moment == datetime(2026, 1, 1, tzinfo=UTC)
