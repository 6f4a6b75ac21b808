"""`python -m inboxbot` and the `inboxbot` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; imports nothing heavy until a verb needs it."""
    from inboxbot.cli.main import run  # noqa: PLC0415 - `--version` must not pay for it

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
