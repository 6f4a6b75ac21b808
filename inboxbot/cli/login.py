"""`inboxbot login`: signing in at a provider, once."""

from __future__ import annotations

import click

from inboxbot.cli import build, options
from inboxbot.errors import SetupError


@click.command("login")
@click.argument("name", metavar="ACCOUNT")
@click.option("--port", default=0, metavar="N", help="Google: the port of this machine that the browser comes back to.")
@options.common
def command(name: str, port: int, config_path: str | None) -> int:
    """Sign in ACCOUNT at Google (in a browser of this machine) or at Microsoft (by a code, in any browser).

    On a machine without a browser, for Google: inboxbot login NAME --port 8085, with ssh -L 8085:localhost:8085.
    """
    config = options.required(config_path)
    account = next((each for each in config.account if each.name == name), None)
    if account is None:
        raise SetupError([f"no account {name}: give one of {', '.join(each.name for each in config.account)}"])
    if account.provider is None:
        raise SetupError(
            [f'{name}: no provider to sign in at: give auth = "xoauth2" and provider = "google" or "microsoft"']
        )
    provider = build.provider_of(config, account)

    from inboxbot.signin.google import Google
    from inboxbot.signin.kept import keep

    kept = (
        provider.sign_in(str(account.user), port=port) if isinstance(provider, Google) else provider.sign_in(click.echo)
    )
    keep(build.signin_file(config, account), kept)
    click.echo(f"{name} is signed in; next: inboxbot check")
    return 0
