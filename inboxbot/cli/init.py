"""`inboxbot init`: a commented configuration, by questions or by flags; never over an existing one without --force."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
import platformdirs

from inboxbot import config
from inboxbot.cli import options
from inboxbot.errors import SetupError

_TEMPLATE = """\
# inboxbot: which mailboxes to watch, and who signs the drafts. Every key: docs/configuration.md
# Secrets never stand here: only where they are kept.

[identity]
name = {name}
address = {address}
signature = {signature}
kind = {kind}                # person | company | association
# siren = "123 456 789"
language = {language}                  # of case sheets: fr | en | de
# reply_language = "fr"          # of drafts; without it they follow the letter
# templates = "replies/"         # a folder of reply templates of your own, taken before ours

[[account]]
name = {account}
host = {host}
port = {port}
security = {security}               # tls | starttls | none (this machine only)
user = {user}
password_file = {password_file}
# password_command = ["pass", "show", "mail/office"]    # or password_env = "NAME", or credential = "office" (systemd)
inbox = ["INBOX"]
drafts = "auto"                  # or the folder's name, which then wins
since = "new"                    # new: mail that arrives from now on | a date | "all"
# authserv_id = "mx.example.net" # whose Authentication-Results to believe; `inboxbot check` proposes it
sheets = "Inboxbot/Cases"        # the folder of case sheets, or "off"
# quote = true                   # quote the letter below the draft
# poll_seconds = 300             # how often to look where the server cannot push
# max_drafts_per_day = 100

# [store]
# url = "sqlite:///state.db"     # relative to the state directory; or postgresql+psycopg://…
# retention_days = 1095

# [log]
# level = "info"
# format = "human"               # or "json"
"""


@click.command("init")
@click.option("--yes", is_flag=True, help="Ask nothing: take the flags and defaults.")
@click.option("--force", is_flag=True, help="Overwrite an existing configuration.")
@click.option("--name", help="Your name, or your company's.")
@click.option("--address", help="The address that drafts are written from.")
@click.option("--kind", type=click.Choice(["person", "company", "association"]), default="person", show_default=True)
@click.option(
    "--language", type=click.Choice(["fr", "en", "de"]), default="fr", show_default=True, help="Of case sheets."
)
@click.option("--account", default="mail", show_default=True, help="A short name for the mailbox.")
@click.option("--host", help="The IMAP server.")
@click.option("--port", type=int, help="Its port (default: 993, or 143 with starttls).")
@click.option("--security", type=click.Choice(["tls", "starttls", "none"]), default="tls", show_default=True)
@click.option("--user", help="The login (default: the address).")
@click.option("--password-file", help="The file that holds the password (default: beside the configuration).")
@options.common
def command(yes: bool, force: bool, config_path: str | None, **given: str | int | None) -> int:
    """Write a commented configuration."""
    target = Path(config_path or os.environ.get("INBOXBOT_CONFIG") or _default_place())
    if target.exists() and not force:
        raise SetupError([f"{target}: exists already: edit it, or overwrite it with --force"])
    answers = _answers(given, ask=not yes)
    password_file = Path(str(answers["password_file"] or f"{answers['account']}.password"))
    _write(target, _TEMPLATE.format(**{name: _toml(value) for name, value in _values(answers, password_file).items()}))
    config.load(target)  # what was written is what `run` will accept
    click.echo(f"written: {target}")
    secret = password_file if password_file.is_absolute() else target.parent / password_file
    if not yes and not secret.exists():
        _write(secret, click.prompt("Password (kept in that file, readable by you alone)", hide_input=True) + "\n")
        click.echo(f"written: {secret}")
    elif not secret.exists():
        click.echo(f"next: put the password in {secret} and run: chmod 600 {secret}")
    click.echo(f"next: inboxbot check --fix --config {target}")
    return 0


def _default_place() -> Path:
    return Path(platformdirs.user_config_dir("inboxbot")) / "inboxbot.toml"


def _answers(given: dict[str, str | int | None], *, ask: bool) -> dict[str, str | int | None]:
    answers = dict(given)
    if ask:
        for name, question in (
            ("name", "Your name, or your company's"),
            ("address", "Mail address"),
            ("host", "IMAP server (for example imap.example.net)"),
        ):
            answers[name] = answers[name] or click.prompt(question)
        answers["user"] = answers["user"] or click.prompt("Login", default=answers["address"])
    missing = [f"--{name}" for name in ("host", "address") if not answers[name]]
    if missing:
        raise click.UsageError(f"{' and '.join(missing)} needed with --yes")
    return answers


def _values(answers: dict[str, str | int | None], password_file: Path) -> dict[str, str | int]:
    name = str(answers["name"] or "")
    return {
        "name": name,
        "address": str(answers["address"]),
        "signature": name,
        "kind": str(answers["kind"]),
        "language": str(answers["language"]),
        "account": str(answers["account"]),
        "host": str(answers["host"]),
        "port": int(answers["port"] or (993 if answers["security"] == "tls" else 143)),
        "security": str(answers["security"]),
        "user": str(answers["user"] or answers["address"]),
        "password_file": str(password_file),
    }


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML basic string (TOML 1.0, "String")


def _write(path: Path, text: str) -> None:
    """Readable by its owner alone from its first byte on."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
