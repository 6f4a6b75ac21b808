"""Writes the manual page and the completions of bash, zsh and fish from the command line itself: manual.py DIRECTORY."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from inboxbot import __version__
from inboxbot.cli.main import cli

COMPLETIONS = {"bash": "inboxbot.bash", "zsh": "_inboxbot", "fish": "inboxbot.fish"}
EVERYWHERE = ("config", "debug", "help")  # told once, for all commands
FILES = (
    (
        "/etc/inboxbot/inboxbot.toml, ~/.config/inboxbot/inboxbot.toml",
        "the configuration; inboxbot init writes it with comments",
    ),
    ("/var/lib/inboxbot, ~/.local/state/inboxbot", "store, models, status and sign-ins"),
)
CODES = (
    ("0", "done"),
    ("1", "the work failed"),
    ("2", "wrong usage"),
    ("75", "temporary: the same may succeed later"),
    ("78", "the configuration must be mended first"),
)


def page() -> str:
    """The manual page in man(7)."""
    top = click.Context(cli, info_name="inboxbot")
    lines = [
        f'.TH INBOXBOT 1 "" "inboxbot {__version__}" "User Commands"',
        ".SH NAME",
        r"inboxbot \- recognises copyright demand letters in a mailbox and files draft replies",
        ".SH SYNOPSIS",
        r".B inboxbot",
        r".I COMMAND",
        r"[\fIOPTIONS\fR]",
        ".SH DESCRIPTION",
        *_paragraphs(cli.help or ""),
        ".SH COMMANDS",
    ]
    for name in cli.list_commands(top):
        command = cli.get_command(top, name)
        assert command is not None
        lines += _command(command, click.Context(command, info_name=f"inboxbot {name}", parent=None))
    lines += [
        ".SH OPTIONS OF EVERY COMMAND",
        *_item(r"\-\-config PATH", "the configuration; else $INBOXBOT_CONFIG, ./inboxbot.toml, and the files below"),
        *_item(r"\-\-debug", "the trace of an error"),
        *_item(r"\-h, \-\-help", "what the command does"),
        ".SH FILES",
    ]
    for term, told in FILES:
        lines += _item(_plain(term), told)
    lines.append(".SH EXIT STATUS")
    for code, told in CODES:
        lines += _item(code, told)
    return "\n".join(lines) + "\n"


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS {_plain(f'{context.info_name} {usage}')}"
    yield from _paragraphs(command.help or "")
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None and parameter.name not in ("config_path", *EVERYWHERE):
            yield from _item(_plain(record[0]), record[1])
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            beneath = command.get_command(context, name)
            assert beneath is not None
            yield from _command(beneath, click.Context(beneath, info_name=f"{context.info_name} {name}"))


def _item(term: str, told: str) -> list[str]:
    return [".TP", rf"\fB{term}\fR", _plain(" ".join(told.split()))]


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        yield ".PP"
        yield _plain(" ".join(paragraph.split()))


def _plain(text: str) -> str:
    """No backslash, leading dot or hyphen means anything to troff."""
    plain = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + plain if plain.startswith((".", "'")) else plain


def main(directory: Path) -> None:
    """Write all of them."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "inboxbot.1").write_text(page(), encoding="utf-8")
    for shell, name in COMPLETIONS.items():
        completion = get_completion_class(shell)
        assert completion is not None
        (directory / name).write_text(completion(cli, {}, "inboxbot", "_INBOXBOT_COMPLETE").source(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
