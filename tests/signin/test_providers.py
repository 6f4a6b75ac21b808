"""Signing in at a provider: by the command as a person uses it, and from then on by tokens that rotate."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from inboxbot.errors import MailboxError, RefusedError, SetupError
from inboxbot.signin.google import Google
from inboxbot.signin.kept import Provider, access_token, keep
from inboxbot.signin.microsoft import Microsoft
from tests.main_job.service import configured, environment
from tests.servers.imapservers import Server
from tests.servers.oauthserver import OAuthServer


@pytest.fixture
def oauth(dovecot: Server, user: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", dovecot.ca)
    with contextlib.closing(OAuthServer(dovecot, user)) as server:
        yield server


def configuration(home: Path, dovecot: Server, oauth: OAuthServer, provider: str) -> Path:
    config = configured(home, dovecot, oauth.user)
    oauth.google_client(home / "client.json")
    more = {
        "google": 'client_file = "client.json"',
        "microsoft": f'client_id = "inboxbot-test"\nauthority = "{oauth.url}"',
    }[provider]
    told = config.read_text().replace(
        'password_file = "office.password"\n', f'auth = "xoauth2"\nprovider = "{provider}"\n{more}\n'
    )
    config.write_text(told)
    return config


def started(home: Path, oauth: OAuthServer, *arguments: str) -> subprocess.Popen[str]:
    env = {**environment(home), "REQUESTS_CA_BUNDLE": oauth.ca, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "inboxbot", *arguments]
    return subprocess.Popen(command, env=env, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def login_finding(home: Path, oauth: OAuthServer, config: Path) -> dict[str, str]:
    out, _ = started(home, oauth, "check", "--json", "--config", str(config)).communicate(timeout=120)
    return {found["what"]: found for found in map(json.loads, out.splitlines())}["login"]


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_person_signs_in_once_and_the_mailbox_opens(
    dovecot: Server, oauth: OAuthServer, tmp_path: Path, provider: str
) -> None:
    config = configuration(tmp_path, dovecot, oauth, provider)
    login = started(tmp_path, oauth, "login", "office", "--config", str(config))
    assert login.stdout is not None
    if provider == "google":
        address = next(line.strip() for line in login.stdout if "https://" in line)
        assert f"login_hint={oauth.user}" in address
        assert "signed in" in requests.get(address, timeout=30).text  # the browser, which is sent back to this machine
    out, complaint = login.communicate(timeout=60)
    assert (login.returncode, complaint) == (0, "")
    assert "office is signed in" in out
    assert provider == "google" or "K7Q2-XB" in out
    kept = tmp_path / "state" / "signin" / "office.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert login_finding(tmp_path, oauth, config)["state"] == "ok"


def provided(name: str, oauth: OAuthServer, home: Path, *, lifetime: int = 0) -> tuple[Provider, Path]:
    """A provider, and the file with what a sign-in gave; its access token is good for so many seconds."""
    oauth.lifetime = lifetime
    given: Provider
    if name == "google":
        given = Google(oauth.google_client(home / "client.json"), "office")
        answer = oauth.answer("/token", {"grant_type": "authorization_code"})[1]
        text = json.dumps({"refresh_token": answer["refresh_token"], "token": "old", "expiry": "2026-01-01T00:00:00Z"})
    else:
        given = Microsoft("inboxbot-test", "office", authority=oauth.url)
        text = given.sign_in(lambda _: None)
    keep(path := home / "signin" / "office.json", text)
    oauth.lifetime = 3600
    return given, path


both = pytest.mark.parametrize("name", ["google", "microsoft"])


@both
def test_a_token_that_has_expired_is_renewed_and_a_good_one_is_used_as_it_is(
    oauth: OAuthServer, tmp_path: Path, name: str
) -> None:
    provider, path = provided(name, oauth, tmp_path)
    token = access_token(path, provider, "office")
    first = token()
    assert first.count(".") == 2
    assert token() == first
    assert oauth.renewals == 1
    assert path.stat().st_mode & 0o777 == 0o600


@both
def test_the_rotated_refresh_token_is_the_one_that_is_kept(oauth: OAuthServer, tmp_path: Path, name: str) -> None:
    provider, path = provided(name, oauth, tmp_path)
    oauth.lifetime = 0
    for _ in range(3):  # each refresh token is good for one use
        access_token(path, provider, "office")()
    assert oauth.renewals == 3


@both
def test_those_who_renew_at_the_same_time_wait_for_each_other(oauth: OAuthServer, tmp_path: Path, name: str) -> None:
    provider, path = provided(name, oauth, tmp_path)
    oauth.lifetime = 0
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(access_token(path, provider, "office")())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4


@both
def test_a_sign_in_that_was_taken_back_is_told_with_the_mend(oauth: OAuthServer, tmp_path: Path, name: str) -> None:
    provider, path = provided(name, oauth, tmp_path)
    oauth.revoked = True
    before = path.read_text()
    with pytest.raises(RefusedError, match=r"takes the sign-in back \(invalid_grant.*: run inboxbot login office$"):
        access_token(path, provider, "office")()
    assert path.read_text() == before


@both
def test_a_provider_that_is_down_or_busy_is_a_matter_of_time(oauth: OAuthServer, tmp_path: Path, name: str) -> None:
    provider, path = provided(name, oauth, tmp_path)
    oauth.busy = True
    with pytest.raises(MailboxError) as busy:
        access_token(path, provider, "office")()
    oauth.close()
    with pytest.raises(MailboxError, match="cannot be reached") as down:
        access_token(path, provider, "office")()
    assert not isinstance(busy.value, RefusedError)
    assert not isinstance(down.value, RefusedError)


@both
def test_what_was_never_kept_or_is_damaged_is_told_with_the_mend(oauth: OAuthServer, tmp_path: Path, name: str) -> None:
    provider, path = provided(name, oauth, tmp_path)
    path.write_text("{")
    with pytest.raises(SetupError, match="damaged: run inboxbot login office"):
        access_token(path, provider, "office")()
    path.unlink()
    with pytest.raises(SetupError, match='"office" is not signed in: run inboxbot login office'):
        access_token(path, provider, "office")()


def test_a_client_file_that_is_none_is_told_with_where_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "client.json").write_text('{"web": {}}')
    with pytest.raises(SetupError, match=r"not a desktop client.*console\.cloud\.google\.com"):
        Google(tmp_path / "client.json", "office").sign_in("contact@client.example")
