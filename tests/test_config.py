from __future__ import annotations

from pathlib import Path

import pytest

from inboxbot.config import load
from inboxbot.errors import SetupError

ACCOUNT = '[[account]]\nname = "office"\nhost = "imap.client.example"\nuser = "u"\npassword_env = "X"\n'


def problems(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "inboxbot.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        load(path)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ACCOUNT + 'pasword_file = "x"\n', "unknown key account[1].pasword_file (did you mean password_file?)"),
        ("[identiy]\n" + ACCOUNT, "unknown key identiy (did you mean identity?)"),
        (ACCOUNT.replace('password_env = "X"', ""), 'give one of "password_file"'),
        (ACCOUNT + 'password_file = "x"\n', "not several"),
        (ACCOUNT + 'maildir = "/home/me/Mail"\n', 'either "host" (IMAP) or "maildir"'),
        (ACCOUNT + 'security = "none"\n', "loopback only"),
        (ACCOUNT + 'since = "yesterday"\n', "since"),
        (ACCOUNT + "port = 70000\n", "port"),
        (ACCOUNT + ACCOUNT, 'two accounts are called "office"'),
        ("[[account]\n", "not valid TOML"),
        (ACCOUNT + '[metrics]\nlisten = "0.0.0.0:9469"\n', "metrics.listen"),
        (ACCOUNT + '[metrics]\nlissen = "x"\n', "unknown key metrics.lissen (did you mean listen?)"),
        (ACCOUNT + '[webhook]\nurl = "http://hooks.client.example/x"\nsecret_env = "S"\n', "must begin with https://"),
        (ACCOUNT + '[webhook]\nurl = "https://hooks.client.example/x"\n', "events are signed with it"),
        (ACCOUNT + '[webhook]\nurl = "https://x"\nsecret_env = "S"\ncommand = ["x"]\n', "one of them"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_mend(tmp_path: Path, text: str, said: str) -> None:
    (problem, *_) = problems(tmp_path, text)
    assert said in problem
    assert "inboxbot.toml" in problem


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, ACCOUNT + 'quoat = true\nport = 0\n[store]\nurll = "x"\n')) == 3


def test_everything_but_the_account_has_a_default(tmp_path: Path) -> None:
    path = tmp_path / "inboxbot.toml"
    path.write_text(ACCOUNT, encoding="utf-8")
    loaded = load(path)
    assert (loaded.account[0].drafts, loaded.account[0].inbox, loaded.account[0].since) == ("auto", ["INBOX"], "new")
    assert loaded.account[0].sheets == "Inboxbot/Cases"
    assert loaded.store.url == "sqlite:///state.db"


def test_an_account_may_have_an_identity_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "inboxbot.toml"
    path.write_text(f'[identity]\nname = "A"\n{ACCOUNT}[account.identity]\nname = "B"\n', encoding="utf-8")
    loaded = load(path)
    assert loaded.identity_of(loaded.account[0]).name == "B"


def test_state_lies_where_its_service_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "inboxbot.toml"
    path.write_text(ACCOUNT, encoding="utf-8")
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "mine"))
    assert load(path).state_dir == tmp_path / "mine" / "inboxbot"
    monkeypatch.setattr("inboxbot.config.SYSTEM", tmp_path.resolve())
    assert load(path).state_dir == Path("/var/lib/inboxbot")  # an administrator's shell has no $STATE_DIRECTORY
    monkeypatch.setenv("STATE_DIRECTORY", "/run/state:/run/other")
    assert load(path).state_dir == Path("/run/state")
