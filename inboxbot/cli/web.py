"""`inboxbot web`: the case book in a browser, read-only and on this machine only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url

from inboxbot.cli import build, options
from inboxbot.config import Config
from inboxbot.errors import SetupError

HOST = "127.0.0.1"
SHOWN = ("cases", "case_letters", "answers", "fates")  # everything else in the store is nobody's reading

_OPEN = """
select deadline as "by", cast(julianday(deadline) - julianday(date('now', 'localtime')) as integer) as "days left", status,
  stage, title as issuer, number as "case number", rights_holder as "for", amount, currency, id as "case"
from cases where status != 'closed' and standing != 'suspect'
order by status = 'answered', deadline is null, deadline
"""
_LETTERS = """
select date(sent_at) as day, stage, sender, subject, deadline, deadline_quote as "counted from", amount, currency
from case_letters where case_id = :case order by sent_at
"""
_SUMS = """
select title as issuer, currency, count(*) as cases, printf('%.2f', sum(cast(amount as real))) as claimed,
  printf('%.2f', sum(case when status = 'closed' then 0.0 else cast(amount as real) end)) as "still open"
from cases where amount is not null and standing != 'suspect' group by title, currency order by title, currency
"""
_OUTCOMES = """
select title as issuer, count(*) as cases, sum(status in ('new', 'drafted', 'reminded')) as waiting,
  sum(status = 'answered') as answered, sum(status = 'closed') as closed
from cases where standing != 'suspect' group by title order by cases desc, title
"""
_SUSPECT = """
select date(opened_at) as day, title as "in the name of", counterparty as "writes from", number as "case number", id as "case"
from cases where standing = 'suspect' order by opened_at desc
"""
VIEWS = {
    "open": ("Open cases, past and near deadlines first", _OPEN),
    "sums": ("Sums claimed, by issuer and currency", _SUMS),
    "issuers": ("Outcomes, by issuer", _OUTCOMES),
    "suspect": ("Imitations: nothing is to be answered", _SUSPECT),
    "letters_of": ("The letters of one case", _LETTERS),
}
QUERIES = {
    name: {"title": title, "sql": sql, "hide_sql": True, "views": {other: VIEWS[other][0] for other in VIEWS}}
    for name, (title, sql) in VIEWS.items()
}

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[Any]]], Awaitable[None]]


@click.command("web")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@options.common
def command(port: int, config_path: str | None) -> None:
    """Show the case book in a browser (Datasette): for reading, without SQL, to this machine alone."""
    config = options.required(config_path)
    path = _database(config)
    try:
        import uvicorn

        served = app(path)
    except ImportError:
        raise SetupError(["the case book in a browser needs Datasette: pip install 'inboxbot[web]'"]) from None
    click.echo(f"http://{HOST}:{port}/{path.stem}/open  (Ctrl-C ends it)")
    uvicorn.run(served, host=HOST, port=port, log_level="warning")


def _database(config: Config) -> Path:
    """The store's file, made and migrated if need be."""
    url = make_url(config.store.url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise SetupError(
            ["the case book in a browser reads SQLite: this store is elsewhere, look into it with its own tools"]
        )
    build.casebook(config)
    return config.state_dir / url.database


def app(path: Path) -> App:
    """Datasette over the case book as an ASGI application; ImportError where it is not installed."""
    from datasette.app import Datasette
    from sqlalchemy import create_engine, inspect

    hidden = [name for name in inspect(create_engine(f"sqlite:///{path}")).get_table_names() if name not in SHOWN]
    settings = {"default_allow_sql": False, "allow_download": False, "allow_facet": True, "suggest_facets": False}
    metadata = {
        "title": "Case book",
        "description": "Deadlines are as the letters state them; none is called the legal one. This is no legal advice.",
        "databases": {
            path.stem: {
                "queries": QUERIES,
                "allow_sql": False,
                "tables": {name: {"allow": False, "hidden": True} for name in hidden},
            }
        },
    }
    pages = str(Path(__file__).parent / "browser")
    return _for_this_machine(Datasette([str(path)], settings=settings, metadata=metadata, template_dir=pages).app())


def _for_this_machine(served: App) -> App:
    """Only requests that name this machine: a page elsewhere cannot read along by a name that leads here (DNS rebinding)."""

    async def guarded(
        scope: Scope, receive: Callable[..., Awaitable[Any]], send: Callable[..., Awaitable[Any]]
    ) -> None:
        named = dict(scope.get("headers", ())).get(b"host", b"").rpartition(b":")[0] or b""
        if scope["type"] == "http" and named not in (b"127.0.0.1", b"localhost"):
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"This case book answers to this machine alone.\n"})
            return
        await served(scope, receive, send)

    return guarded
