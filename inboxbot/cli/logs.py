"""What the program writes while it works: structured lines on standard error, with nothing that identifies a person."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping, Sequence
from typing import Any

import structlog

from inboxbot.config import Account, Config


def set_up(config: Config) -> None:
    """Structured lines on standard error: for people, or JSON for the journal. No personal data is ever bound."""
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if config.log.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            nameless(config.account),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, config.log.level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # wherever it leads when a line is written
        cache_logger_on_first_use=False,
    )
    logging.getLogger("imapclient").setLevel(logging.CRITICAL)  # at DEBUG it writes whole mails


def nameless(accounts: Sequence[Account]) -> structlog.typing.Processor:
    """Puts an account's short name wherever a line would tell its login, the server's own words included."""
    names = {account.label: account.name for account in accounts}
    names |= {account.user: account.name for account in accounts if account.user}
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.@+-])(?:{known})(?![\w@+-]|\.\w)") if known else None

    def mask(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in line.items():
            if pattern is not None and isinstance(value, str):
                line[key] = pattern.sub(lambda found: names[found[0]], value)
        return line

    return mask
