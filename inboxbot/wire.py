"""Records to JSON and back, by their type hints: how they cross the reader's pipe and lie in the store.

JSON and never pickle: the parent holds the passwords, and what a process that parsed hostile mail says is data only.
"""

from __future__ import annotations

import base64
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def dumps(record: object) -> bytes:
    """The record as one line of UTF-8 JSON."""
    return json.dumps(to_plain(record), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def loads(kind: type[T], line: bytes) -> T:
    """The record of this kind that `dumps` wrote; ValueError, TypeError or KeyError for anything else."""
    return typing.cast(T, from_plain(kind, json.loads(line)))


def to_plain(value: object) -> Any:
    """The value in the types that JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(v) for v in value]
    if isinstance(value, (frozenset, set)):
        return sorted(to_plain(v) for v in value)
    return value


def from_plain(kind: Any, plain: Any) -> Any:
    """The value of type `kind` that `to_plain` flattened; a wrong shape raises."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if plain is None:
            return None
        return from_plain(next(a for a in arguments if a is not type(None)), plain)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(from_plain(arguments[0], item) for item in plain)
        return tuple(from_plain(a, item) for a, item in zip(arguments, plain, strict=True))
    if origin is frozenset:
        return frozenset(from_plain(arguments[0], item) for item in plain)
    if origin is not None and issubclass(origin, Mapping):
        return {key: from_plain(arguments[1], item) for key, item in plain.items()}
    if is_dataclass(kind):
        return _record(kind, plain)
    if kind is datetime or kind is date:
        return kind.fromisoformat(plain)
    if kind is bytes:
        return base64.b64decode(plain, validate=True)
    if isinstance(kind, type) and issubclass(kind, (Enum, Decimal)):
        return kind(plain)
    if kind is float and isinstance(plain, int):
        return float(plain)
    if not isinstance(plain, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(plain).__name__}")
    return plain


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def _record(kind: Any, plain: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    if unknown := plain.keys() - hints.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: from_plain(hints[name], value) for name, value in plain.items()})
