"""The file that a scan writes: JSON lines or a table for a spreadsheet, which is also how another run knows where to go on.

A row is a line, and it is on disk before the next batch is taken. A run that was killed leaves at most one line unfinished:
that one is taken away, and its mail is read again.
"""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from inboxbot.errors import StoreError

Row = Mapping[str, Any]

BOM = "\ufeff"  # without it, a spreadsheet takes UTF-8 for something else
FIRST = b'{"path": '  # how a row of JSON begins
LONGEST = 32_000  # characters in a cell: spreadsheets take no more
_FORMULA = re.compile("^[\\s'\"]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]")
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


class ForeignFileError(ValueError):
    """The file is there already and is no output of a scan: it is left as it is."""


class Form(Protocol):
    """How rows become lines."""

    def head(self) -> str:
        """What stands at the beginning of the file."""
        ...

    def line(self, row: Row) -> str:
        """A row as one line, its end included."""
        ...

    def row(self, line: str) -> Row:
        """The row of a line; ValueError when it is none."""
        ...


class JsonLines:
    """One JSON object a line."""

    def head(self) -> str:
        return ""

    def line(self, row: Row) -> str:
        return json.dumps(row, ensure_ascii=False) + "\n"

    def row(self, line: str) -> Row:
        found = json.loads(line)
        if isinstance(found, dict) and isinstance(found.get("id"), str):
            return found
        raise ValueError("no row of a scan")


class Table:
    """Comma-separated values by RFC 4180, in UTF-8 as spreadsheets expect it.

    A cell that a spreadsheet would take for a formula begins with an apostrophe: mails are written by strangers.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def head(self) -> str:
        return BOM + _joined(self._columns)

    def line(self, row: Row) -> str:
        return _joined([_cell(row.get(column)) for column in self._columns])

    def row(self, line: str) -> Row:
        cells = next(csv.reader([line], strict=True), [])
        if len(cells) != len(self._columns):
            raise ValueError("no row of a scan")
        return dict(zip(self._columns, cells, strict=True))


class Output:
    """The file at work, locked against a second scan. `ids` are the mails that it holds, `models` who judged them."""

    def __init__(self, path: Path, form: Form) -> None:
        self._path, self._form = path, form
        self.ids: set[str] = set()
        self.models: set[str] = set()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{path}: cannot be written: {error.strerror}") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise StoreError(f"{path}: another scan is writing it: wait for that one, or name another file") from None
        try:
            self._resume()
        except BaseException:
            self.close()
            raise

    def add(self, rows: Iterable[Row]) -> None:
        """Write the rows and have them on disk; StoreError when they could not be written."""
        lines = "".join(map(self._form.line, rows)).encode("utf-8", "replace")
        try:
            self._write(lines)
        except OSError as error:
            told = f"{self._path}: cannot be written: {error.strerror}"
            raise StoreError(f"{told}: mend that and run the same command again, it goes on from here") from None

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._file, left) :]
        os.fsync(self._file)

    def _resume(self) -> None:
        """Take in the rows that are there, and cut off a line that was never finished."""
        head = self._form.head().encode()
        good = 0
        with open(self._file, "rb", closefd=False) as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                if number > 1 or not head:
                    self._take(line, number)
                elif line != head:
                    raise ForeignFileError("it is not written by a scan, or by another version: name another file")
                good += len(line)
            else:
                line = b""
        if not good and not (head or FIRST).startswith(line[: len(head or FIRST)]):
            raise ForeignFileError("it is not written by a scan: name another file")
        os.ftruncate(self._file, good)
        os.lseek(self._file, good, os.SEEK_SET)
        if not good:
            self._write(head)

    def _take(self, line: bytes, number: int) -> None:
        try:
            row = self._form.row(line.decode())
        except (ValueError, csv.Error):
            raise ForeignFileError(f"line {number} is not written by a scan: name another file") from None
        self.ids.add(row["id"])
        if model := row.get("model"):
            self.models.add(model)


def _joined(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    """The value on one line, and harmless."""
    if value is None:
        return ""
    text = _CONTROL.sub(" ", str(value)).strip()[:LONGEST]
    return f"'{text}" if _FORMULA.match(text) else text
