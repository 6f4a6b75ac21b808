"""The main job, end to end: a letter arrives by LMTP on a real server, and a draft waits."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from inboxbot.model import shelf
from tests.main_job.service import configured, inboxbot, mails, running, until
from tests.model.test_keeping import put
from tests.servers.imapservers import Server

LETTER = (Path(__file__).parent / "copytrack.eml").read_bytes()
OTHERS = Path(__file__).parents[2] / "inboxbot" / "demo" / "post"


def test_a_real_letter_gets_a_sober_draft_in_its_thread(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config) as service:
        dovecot.deliver(user, LETTER)
        until(lambda: mails(dovecot, user, "Drafts"), "a draft")
        assert service.stop() == 0
    ((draft, flags),) = mails(dovecot, user, "Drafts")
    assert flags - {"\\Recent"} == {"\\Draft", "\\Seen"}
    assert draft["In-Reply-To"] == "<20191230.AAAAAA@copytrack.com>"
    assert draft["References"].split() == ["<20191202.AAAAAA@copytrack.com>", "<20191230.AAAAAA@copytrack.com>"]
    assert draft["Subject"] == "Re: Your use of images (AAAAAA)"
    assert draft["To"] == "case@copytrack.com"
    words = draft.get_content()
    own = words.partition("\n> ")[0]
    assert "AAAAAA" in own
    assert "Claire Durand" in own
    assert "€" not in own
    assert "EUR" not in own
    assert "Nothing in this message admits liability" in own
    ((_, flags),) = mails(dovecot, user, "INBOX")
    assert "\\Seen" not in flags


def test_the_same_letter_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_bytes(LETTER)
    told = json.loads(inboxbot(tmp_path, "classify", "--json", "letter.eml").stdout)
    assert (told["label"], told["language"], told["stage"]) == ("copytrack", "en", "notice")
    assert told["facts"]["case_number"] == "AAAAAA"
    assert told["facts"]["portal_url"] == "https://portal.copytrack.com/en/start"
    assert told["facts"]["amount"] is None
    assert told["facts"]["amounts"] == []
    assert told["draft"]["scenario"] == "evidence"
    assert told["silence"] is None


def test_mail_about_such_letters_gets_no_draft(dovecot: Server, user: str, tmp_path: Path) -> None:
    for name in ("10-newsletter", "11-picrights", "12-ordinary", "08-fake-hadopi"):
        raw = (OTHERS / f"{name}.eml").read_bytes().replace(b"{{date -1}}", b"Mon, 24 Nov 2025 10:00:00 +0100")
        dovecot.deliver(user, raw.replace(b"{{day 30 fr}}", "24 décembre 2025".encode()))
    done = inboxbot(tmp_path, "run", "--once", "--config", str(configured(tmp_path, dovecot, user)))
    assert done.returncode == 0, done.stderr
    assert len(mails(dovecot, user, "INBOX")) == 4
    assert mails(dovecot, user, "Drafts") == []


def test_a_second_run_files_nothing_again(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    dovecot.deliver(user, LETTER)
    for _ in range(2):
        done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
        assert done.returncode == 0, done.stderr
    assert len(mails(dovecot, user, "Drafts")) == 1


def test_a_lost_store_files_nothing_again(dovecot: Server, user: str, tmp_path: Path) -> None:
    dovecot.deliver(user, LETTER)
    for home in (tmp_path / "first", tmp_path / "second"):
        home.mkdir()
        done = inboxbot(home, "run", "--once", "--config", str(configured(home, dovecot, user)))
        assert done.returncode == 0, done.stderr
    assert len(mails(dovecot, user, "Drafts")) == 1


def test_a_rehearsal_says_what_it_would_do_and_does_nothing(dovecot: Server, user: str, tmp_path: Path) -> None:
    dovecot.deliver(user, LETTER)
    done = inboxbot(tmp_path, "run", "--dry-run", "--config", str(configured(tmp_path, dovecot, user)))
    assert done.returncode == 0, done.stderr
    assert "copytrack: would file draft:evidence in en" in done.stdout
    assert mails(dovecot, user, "Drafts") == []
    assert not (tmp_path / "state").exists()


def test_check_makes_the_own_folders_and_the_sheet_comes_into_them(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    done = inboxbot(tmp_path, "check", "--fix", "--config", str(config))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Drafts (marked \\Drafts by the server)" in done.stdout
    dovecot.deliver(user, LETTER)
    assert inboxbot(tmp_path, "run", "--once", "--config", str(config)).returncode == 0
    ((sheet, flags),) = mails(dovecot, user, "Inboxbot.Cases")
    assert "AAAAAA" in sheet["Subject"]
    assert sheet["In-Reply-To"] == "<20191230.AAAAAA@copytrack.com>"
    assert "\\Seen" not in flags


def test_the_service_reads_its_configuration_again_and_leaves_when_told(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config) as service:
        config.write_text(
            config.read_text(encoding="utf-8").replace("quote", "quoat") + "\nbogus = 1\n", encoding="utf-8"
        )
        service.signal(signal.SIGHUP)
        service.says("configuration refused")
        configured(tmp_path, dovecot, user, "quote = false\n")
        service.signal(signal.SIGHUP)
        service.says("configuration read again")
        dovecot.deliver(user, LETTER)
        until(lambda: mails(dovecot, user, "Drafts"), "a draft")
        assert service.stop() == 0
    ((draft, _),) = mails(dovecot, user, "Drafts")
    assert "> COPYTRACK GmbH" not in draft.get_content()


def test_without_a_configuration_it_says_how_to_make_one(tmp_path: Path) -> None:
    done = inboxbot(tmp_path, "run")
    assert done.returncode == 78
    assert "inboxbot init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_service_on_the_mailbox_is_refused(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    with running(tmp_path, config):
        second = inboxbot(tmp_path, "run", "--once", "--config", str(config))
        assert second.returncode == 78
        assert "another inboxbot is running" in second.stderr


def test_one_move_of_a_letter_gets_its_draft_and_its_sheet(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = configured(tmp_path, dovecot, user)
    assert inboxbot(tmp_path, "check", "--fix", "--config", str(config)).returncode == 0
    unclear = LETTER.replace(b"Subject: Your use of images (AAAAAA)", b"Subject: Question")
    client = dovecot.client(user)
    client.append("Inboxbot.Label.Copytrack", unclear)
    client.append("Inboxbot.Reply.Licence", unclear)
    client.logout()
    for _ in range(2):
        done = inboxbot(tmp_path, "run", "--once", "--config", str(config))
        assert done.returncode == 0, done.stderr
    assert len(mails(dovecot, user, "Drafts")) == 2
    assert len(mails(dovecot, user, "Inboxbot.Cases")) == 1
    (kept,) = (tmp_path / "state" / "pile" / "copytrack").glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "AAAAAA" not in kept.read_text()


def test_a_letter_is_labelled_from_a_file_and_forgotten_again(dovecot: Server, user: str, tmp_path: Path) -> None:
    config = str(configured(tmp_path, dovecot, user))
    (tmp_path / "letter.eml").write_bytes(LETTER)
    told = inboxbot(tmp_path, "label", "letter.eml", "--as", "Copytrack", "--config", config)
    assert told.returncode == 0, told.stderr
    key = told.stdout.split()[0]
    told = inboxbot(tmp_path, "learn", "--dry-run", "--config", config)
    assert "1 labelled letters" in told.stdout, told.stderr
    assert inboxbot(tmp_path, "label", "letter.eml", "--as", "getty", "--config", config).returncode == 2
    assert inboxbot(tmp_path, "forget", key, "--config", config).returncode == 0
    assert inboxbot(tmp_path, "forget", key, "--config", config).returncode == 1
    assert [path for path in (tmp_path / "state" / "pile").rglob("*") if path.is_file()] == []


def test_a_version_is_compared_with_the_model_in_use_on_labelled_letters(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config = str(configured(tmp_path, dovecot, user))
    (tmp_path / "letter.eml").write_bytes(LETTER)
    assert inboxbot(tmp_path, "label", "letter.eml", "--as", "copytrack", "--config", config).returncode == 0
    used, version = (put(tmp_path / "state" / "models", number) for number in (1, 2))
    shelf.promote(tmp_path / "state" / "models", used)
    told = inboxbot(tmp_path, "models", "diff", version, "--config", config)
    assert told.stdout == "0 of 1 letters would be judged otherwise\n", told.stderr
    assert inboxbot(tmp_path, "models", "diff", "nothing", "--config", config).returncode == 78


def test_a_version_is_compared_on_the_latest_letters_of_the_mailbox_too(
    dovecot: Server, user: str, tmp_path: Path
) -> None:
    config = str(configured(tmp_path, dovecot, user))
    for number in b"AB":
        dovecot.deliver(user, LETTER.replace(b"AAAAAA", bytes([number]) * 6))
    assert inboxbot(tmp_path, "run", "--once", "--config", config).returncode == 0
    timid = put(tmp_path / "state" / "models", 1)
    told = inboxbot(tmp_path, "models", "diff", timid, "--config", config)
    *changed, last = told.stdout.splitlines()
    assert last == "2 of 2 letters would be judged otherwise", told.stderr
    assert {line.partition("  ")[2] for line in changed} == {"decided copytrack: copytrack → other"}
    assert [flags - {"\\Recent"} for _, flags in mails(dovecot, user, "INBOX")] == [frozenset()] * 2
    assert len(mails(dovecot, user, "Drafts")) == 2
