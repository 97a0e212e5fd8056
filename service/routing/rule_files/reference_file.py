"""One file of reference data: comma-separated values whose mistakes are told with file and line."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from service.routing.text.entries import parsed_day
from service.routing.text.mistakes import Mistake, meant
from service.routing.text.yaml_document import file_text

_CODE: Final = re.compile(r"GM\d{4}")


class ReferenceFile:
    """One file of reference data; remembers its place so that mistakes can name it."""

    def __init__(
        self,
        path: Path,
        needed: tuple[str, ...],
        mistakes: list[Mistake],
        keys: set[str] | None = None,
        *,
        also: tuple[str, ...] = (),
    ) -> None:
        """Open a file.

        Args:
            path: where it is.
            needed: columns that must be there and whose cells must not be empty.
            mistakes: where mistakes are added.
            keys: the keys of sources that a line may name; None when lines name none, or nobody could read them.
            also: further columns that must be there, with cells that may be empty; a column that is called otherwise
                would be one that nobody reads.
        """
        self._path = path
        self._needed = needed
        self._columns = (*needed, *also)
        self._mistakes = mistakes
        self._keys = keys
        self._line = 1

    def lines(self) -> Iterator[dict[str, str]]:
        """Give the lines, with white space around every cell removed; a file that cannot be read has none."""
        text = file_text(self._path, str(self._path), self._mistakes)
        if text is None:
            return
        reader = csv.reader(text.splitlines())
        columns = [name.strip() for name in next(reader, [])]
        if missing := [name for name in self._columns if name not in columns]:
            self._refuse_columns(columns, missing)
            return
        for cells in reader:
            self._line = reader.line_num
            if cells and self._as_wide(cells, columns):
                line = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
                self._check(line)
                yield line

    def _refuse_columns(self, columns: list[str], missing: list[str]) -> None:
        if len(columns) == 1 and ";" in columns[0]:
            self.mistake("semicolons stand between the cells", "save the file with commas between them")
        else:
            self.mistake(f"the columns {', '.join(missing)} are missing", f"found: {', '.join(columns)}")

    def _as_wide(self, cells: list[str], columns: list[str]) -> bool:
        """Refuse a line whose cells would be read under columns that they do not belong to."""
        if len(cells) != len(columns):
            what = f"this line has {len(cells)} cells, and there are {len(columns)} columns"
            self.mistake(what, "count the commas, and put quotes around text with a comma in it")
        return len(cells) == len(columns)

    def _check(self, line: Mapping[str, str]) -> None:
        for name in self._needed:
            if not line[name]:
                self.mistake(f"{name} is empty")
        if self._keys is None:
            return
        for key in line.get("source", "").split(";"):
            if key and key not in self._keys:
                self.mistake(f"sources.csv has no key {key}", meant(key, self._keys))

    def mistake(self, what: str, hint: str | None = None) -> None:
        """Note a mistake at the line that is being read."""
        self._mistakes.append(Mistake(str(self._path), self._line, what, hint))

    def code(self, text: str) -> str:
        """Give a CBS municipality code."""
        if text and not _CODE.fullmatch(text):
            self.mistake("this is no municipality code", "write GM and four digits, such as GM0363")
        return text

    def day(self, text: str) -> date | None:
        """Give a day, or None for an empty cell."""
        found = parsed_day(text) if text else None
        if isinstance(found, str):
            self.mistake("this is no date", found)
            return None
        return found

    def word(self, text: str, words: tuple[str, ...]) -> str:
        """Give a word out of a closed list."""
        if text not in words:
            self.mistake(f"{text!r} is not one of {', '.join(words)}", meant(text, words))
        return text

    def number(self, text: str) -> int | None:
        """Give a whole number of years, or None for an empty cell."""
        if text and not text.isdecimal():
            self.mistake(f"{text!r} is no age in years")
            return None
        return int(text) if text else None
