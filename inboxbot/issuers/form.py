"""A TOML table read key by key: whatever is wrong with it is told, and reading goes on to find the rest."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any


class Form:
    """One table of an `issuer.toml`; `where` names it for people, `problems` collects what is wrong with it."""

    def __init__(self, values: Mapping[str, Any], where: str, problems: list[str]) -> None:
        self._values = values
        self._where = where
        self._problems = problems
        self._asked: set[str] = set()

    def tell(self, key: str, what: str) -> None:
        """Record a problem with one key."""
        self._problems.append(f"{self._path(key)}: {what}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default the key is required."""
        return str(self._value(key, str, "a text", default) or "")

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._value(key, bool, "true or false", default))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is absent."""
        return tuple(self._list(key, str, "a list of texts"))

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """One text of a closed list."""
        value = self.text(key, default)
        if value and value != default:
            self.known(key, value, choices)
        return value

    def choices(self, key: str, choices: Collection[str]) -> tuple[str, ...]:
        """Texts of a closed list."""
        values = self.texts(key)
        for value in values:
            self.known(key, value, choices)
        return values

    def known(self, key: str, value: str, choices: Collection[str]) -> bool:
        """Whether the value is one of these; told, with the nearest one, where it is not."""
        if value in choices:
            return True
        self.tell(key, f"“{value}” is not known here{_near(value, choices)}")
        return False

    def items(self, key: str) -> tuple[Any, ...]:
        """A list whose items the caller reads himself: texts or tables."""
        return tuple(self._list(key, (str, Mapping), "a list of texts or tables"))

    def table(self, key: str) -> Form:
        """The table under this key; an empty one where it is absent."""
        return self.over(self._value(key, Mapping, "a table", {}) or {}, key)

    def tables(self, key: str) -> tuple[Form, ...]:
        """The tables of an array of tables."""
        return tuple(self.over(item, f"{key}[{n}]") for n, item in enumerate(self._list(key, Mapping, "tables"), 1))

    def over(self, values: Mapping[str, Any], key: str) -> Form:
        """Another table, told of as standing under this key."""
        return Form(values, self._path(key), self._problems)

    def names(self) -> tuple[str, ...]:
        """The keys there are; asking for them reads them all."""
        self._asked.update(self._values)
        return tuple(self._values)

    def has(self, key: str) -> bool:
        """Whether the key is there; it may be."""
        self._asked.add(key)
        return key in self._values

    def close(self) -> None:
        """Tell every key that nobody asked for, with the nearest one that exists."""
        for key in self._values:
            if key not in self._asked:
                self.tell(key, f"unknown key{_near(key, self._asked)}")

    def _path(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where and not self._where.endswith(": ") else f"{self._where}{key}"

    def _value(self, key: str, kind: Any, wanted: str, default: Any) -> Any:
        self._asked.add(key)
        if key not in self._values:
            if default is None:
                self.tell(key, f"is missing; it must be {wanted}")
            return default
        value = self._values[key]
        if not isinstance(value, kind):
            self.tell(key, f"must be {wanted}")
            return default
        return value

    def _list(self, key: str, kind: Any, wanted: str) -> list[Any]:
        values = self._value(key, list, wanted, [])
        if any(not isinstance(value, kind) for value in values):
            self.tell(key, f"must be {wanted}")
            return []
        return list(values)


def _near(word: str, choices: Collection[str]) -> str:
    close = difflib.get_close_matches(word, choices, 1, 0.5)
    if close:
        return f" (did you mean {close[0]}?)"
    return f" (known: {', '.join(sorted(choices))})" if choices else ""
