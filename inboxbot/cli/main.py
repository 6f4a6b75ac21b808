"""The command line: one small file a verb, imported when it is asked for."""

from __future__ import annotations

import errno
import importlib
import sys
import traceback
from collections.abc import Sequence

import click

from inboxbot import __version__
from inboxbot.errors import InboxbotError, MailboxError, RefusedError, SetupError, StoreError, WorkersError

# verb → (module, one line); the line stands here so that `--help` loads no verb
VERBS = {
    "demo": ("demo", "Show the whole program at work on sample letters; needs nothing set up."),
    "init": ("init", "Write a commented configuration."),
    "check": ("check", "Tell what works and what does not, with the mend."),
    "login": ("login", "Sign in at Google or Microsoft, once."),
    "run": ("run", "The service: watch the mailboxes and file drafts."),
    "worker": ("worker", "One of many processes that share the mailboxes by a PostgreSQL."),
    "status": ("status", "How the service is: accounts, queue, model, next deadline."),
    "classify": ("classify", "Read mails from files and print what was understood."),
    "scan": ("scan", "Read whole archives: mbox, Maildir, folders of .eml."),
    "draft": ("draft", "Print the reply that would be filed for a mail."),
    "why": ("why", "Show the evidence behind a verdict."),
    "issuers": ("issuers", "List the issuer rooms, begin a new one, check it."),
    "train": ("train", "Train a candidate model on the training data."),
    "evaluate": ("evaluate", "Measure a model the way it is used."),
    "cases": ("cases", "The case book: claims, deadlines, calendar, a folder for the lawyer."),
    "web": ("web", "The case book in a browser, for reading, on this machine only."),
    "label": ("label", "Say what a letter is, without moving it."),
    "forget": ("forget", "Take back what was said of a letter."),
    "learn": ("learn", "Learn from newly labelled letters, and keep the better model."),
    "models": ("models", "The shelf of models: list, promote, roll back."),
    "quarantine": ("quarantine", "Letters that were set aside: list, show."),
    "retry": ("retry", "Take a letter out of quarantine and try it again."),
    "erase": ("erase", "Remove a letter or a person from everything that is kept."),
    "lint": ("lint", "Check a reply of your own, or an edited draft."),
}
TEMPORARY, CONFIGURATION = 75, 78


class Verbs(click.Group):
    """A group that imports a verb's module only when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"inboxbot.cli.{VERBS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in VERBS.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inboxbot")
def cli() -> None:
    """Recognises demand letters (Copytrack, Pixtrakk, Hadopi/Arcom) in your mailbox and files a careful draft reply.

    It never sends, never edits, never deletes. Start with: inboxbot demo
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage, 75 temporary, 78 configuration."""
    try:
        code = cli.main(args=list(arguments), prog_name="inboxbot", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except InboxbotError as error:
        return _tell(error, debug="--debug" in arguments)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has left: no message about it
        return 1
    except Exception as error:  # noqa: BLE001 - a bug, or the machine's trouble: one line, and the trace for who asks for it
        return _unexpected(error, debug="--debug" in arguments)
    return code if isinstance(code, int) else 0


def _unexpected(error: Exception, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        click.echo(f"inboxbot: {error.filename or 'a file'}: {error.strerror}: make room, and try again", err=True)
        return TEMPORARY
    click.echo(f"inboxbot: unexpected {type(error).__name__}: {error} (run again with --debug for the trace)", err=True)
    return 1


def _tell(error: InboxbotError, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    for line in error.problems if isinstance(error, SetupError) else [str(error)]:
        click.echo(f"inboxbot: {line}", err=True)
    if isinstance(error, SetupError):
        return CONFIGURATION
    if isinstance(error, StoreError | WorkersError | MailboxError) and not isinstance(error, RefusedError):
        return TEMPORARY
    return 1
