"""`python -m tests.fuzz TARGET [libFuzzer's options]`: atheris tries what holds for any input (`make fuzz`).

A failing input is kept as `crash-…` by libFuzzer; giving the file as an argument tries it again.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["inboxbot", "email", "mailparser"]):
    from tests.fuzz.targets import TARGETS, rooms

target = TARGETS[sys.argv.pop(1)]
rooms()


def one_input(data: bytes) -> None:
    target(data if target is TARGETS["reading"] else data.decode("utf-8", "replace"))


one_input(b"Please pay 350.00 EUR within 14 days, case AB12CD.\n")  # what is loaded once is no hang of the first input
atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
