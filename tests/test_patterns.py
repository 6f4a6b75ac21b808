"""Patterns are linear: what meets mail runs on RE2, and whatever runs on `re` could, or is listed here with its reason."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import re2

import inboxbot

ROOT = Path(inboxbot.__file__).parent
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages([str(ROOT)], "inboxbot.")
    if not info.name.endswith(("__main__", ".env")) and ".versions" not in info.name
)
RE2 = type(re2.compile("x"))

# module: why its patterns cannot or need not be RE2's
EXCEPTIONS = {
    "inboxbot.letter.text": "RE2 refuses lone surrogates, which these remove; single character classes, hence linear",
}


def patterns(value: object, depth: int = 0) -> Iterator[object]:
    """The compiled patterns in a module's value, also within containers and records."""
    if isinstance(value, (re.Pattern, RE2)):
        yield value
    elif depth < 4 and isinstance(value, dict):
        for each in value.values():
            yield from patterns(each, depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from patterns(each, depth + 1)
    elif depth < 4 and is_dataclass(value) and not isinstance(value, type):
        for name in (field.name for field in fields(value)):
            yield from patterns(getattr(value, name, None), depth + 1)


def compiled() -> Iterator[tuple[str, object]]:
    for name in MODULES:
        module = importlib.import_module(name)
        for attribute, value in vars(module).items():
            for pattern in patterns(value):
                yield f"{name}.{attribute}", pattern


def test_every_pattern_is_re2s_or_would_be_or_is_excused() -> None:
    found = list(compiled())
    assert len(found) > 100
    excused = set()
    for where, pattern in found:
        module = where.rpartition(".")[0]
        if isinstance(pattern, RE2):
            continue
        try:
            re2.compile(pattern.pattern)
        except (re2.error, UnicodeEncodeError):
            assert module in EXCEPTIONS, f"{where}: {pattern.pattern!r} is not linear"
            excused.add(module)
    assert excused == set(EXCEPTIONS)


HARD = ("1 " * 10_000, "a" * 20_000, "(" * 20_000, "@a." * 6_600, "é , " * 5_000, "From " + "0:00 " * 4_000)
PATIENCE = 0.5  # seconds of processor time for 20 KB; linear ones take 5 ms, quadratic ones more than 4 s


def test_no_pattern_takes_the_square_of_its_text() -> None:
    """RE2 would run every pattern in linear time; those that run on `re` need not, though RE2 accepts them."""
    slow = []
    for where, pattern in compiled():
        for text in HARD:
            began = time.thread_time()
            pattern.search(text.encode() if isinstance(pattern.pattern, bytes) else text)
            if time.thread_time() - began > PATIENCE:
                slow.append((where, text[:10]))
    assert slow == []


def is_in_passing(node: ast.AST) -> bool:
    """Whether this is a call such as `re.search(...)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)):
            return name not in ("compile", "escape")
    return False


def in_passing() -> Iterator[tuple[str, object]]:
    """(where, pattern) of every use without compiling: no module's value, so the source is asked."""
    for path in sorted(ROOT.rglob("*.py")):
        for call in filter(is_in_passing, ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
            yield f"{path.relative_to(ROOT)}:{call.lineno}", getattr(call.args[0], "value", None) if call.args else None


def test_patterns_used_in_passing_are_linear_too() -> None:
    for where, pattern in in_passing():
        assert isinstance(pattern, str), f"{where}: a pattern that is made when it is used cannot be checked"
        re2.compile(pattern)


def test_patterns_over_bytes_see_every_byte() -> None:
    """RE2 takes bytes for UTF-8 unless told otherwise (letter/octets.py)."""
    for where, pattern in compiled():
        if isinstance(pattern, RE2) and isinstance(pattern.pattern, bytes):
            assert pattern.options.encoding == re2.Options.Encoding.LATIN1, where
