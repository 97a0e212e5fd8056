"""The directory of organisations as a file, and which of them a decision means."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Final

from service.kernel.errors import DomainError, Kind

COLUMNS: Final = ("id", "name", "kind", "area", "source", "note")
CARE_COORDINATOR: Final = "care_coordinator"
FALLBACK: Final = "comensha"
"""The kind of the organisation that steps in wherever nobody else is known."""


class DirectoryRefused(DomainError):
    """The directory's file cannot be read as one."""

    kind = Kind.INVALID
    code = "directory-refused"
    title = "The directory of partners holds mistakes"


class NobodyToAsk(DomainError):
    """The directory holds nobody for this and no fallback either: it was never filled."""

    kind = Kind.UNAVAILABLE
    code = "directory-empty"
    title = "The directory of partners is not filled yet"


@dataclass(frozen=True)
class Listing:
    """One organisation as the directory names it."""

    id: str
    name: str
    kind: str
    area: str
    source: str
    note: str = ""


def read_directory(text: str, name: str) -> tuple[Listing, ...]:
    """Read a directory written as comma-separated values.

    Args:
        text: the file's content.
        name: how mistakes call the file.

    Raises:
        DirectoryRefused: a column, an id, a name, a kind or a source is missing, or an id stands twice.
    """
    reader = csv.DictReader(StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        detail = f"{name}:1: the columns are {','.join(COLUMNS)}"
        raise DirectoryRefused(detail)
    mistakes: list[str] = []
    found: dict[str, Listing] = {}
    for row in reader:
        cells = {column: (row[column] or "").strip() for column in COLUMNS}
        empty = [column for column in COLUMNS[:5] if not cells[column]]
        mistakes.extend(f"{name}:{reader.line_num}: {column} is missing" for column in empty)
        if cells["id"] in found:
            mistakes.append(f"{name}:{reader.line_num}: the id stands twice")
        found[cells["id"]] = Listing(**cells)
    if mistakes:
        raise DirectoryRefused("\n".join(mistakes))
    return tuple(found.values())


def partner_for(asked_as: str, coordinator: str | None, directory: Iterable[Listing]) -> Listing:
    """Choose whom a notification goes to.

    Args:
        asked_as: the kind of organisation that the rules name.
        coordinator: name of the region's care coordinator; None when nobody is known or the fallback steps in.
        directory: every organisation that can be asked now.

    Raises:
        NobodyToAsk: not even the fallback is there.
    """
    known = sorted(directory, key=lambda listing: listing.id)
    wanted = [listing for listing in known if listing.kind == asked_as]
    if asked_as == CARE_COORDINATOR:
        wanted = [listing for listing in wanted if listing.name == coordinator]
    fallback = [listing for listing in known if listing.kind == FALLBACK]
    for listing in (*wanted, *fallback):
        return listing
    raise NobodyToAsk
