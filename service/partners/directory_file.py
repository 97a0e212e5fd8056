"""The directory of organisations as a file of comma-separated values."""

import csv
import re
from collections.abc import Collection, Mapping
from datetime import date
from io import StringIO
from typing import Final

from service.kernel.errors import DomainError, Kind
from service.partners.directory import Contact, Listing, PartnerStatus, is_fallback
from service.routing.facts.features import Feature, codes, features
from service.routing.facts.places import ATTRIBUTES

COLUMNS: Final = (
    *("id", "name", "kind", "services", "areas", "target_groups", "email", "phone"),
    *("status", "valid_from", "valid_to", "as_of", "source", "note"),
)
_NEEDED: Final = ("id", "name", "kind", "status", "source")
_FORMS: Final = {
    "id": (re.compile(r"[a-z0-9][a-z0-9-]{0,63}"), "small letters, digits and hyphens, at most 64"),
    "kind": (re.compile(r"[a-z][a-z0-9_]{0,63}"), "small letters, digits and underscores, at most 64"),
    "email": (re.compile(r"[^@\s]+@[^@\s]+"), "one address"),
}
_LONGEST: Final = {
    "name": 200,
    "services": 500,
    "areas": 1000,
    "target_groups": 1000,
    "email": 200,
    "phone": 50,
    "source": 500,
    "note": 1000,
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class DirectoryRefused(DomainError):
    """The directory's file cannot be read as one, or leaves out the organisation that must always be there."""

    kind = Kind.INVALID
    code = "directory-refused"
    title = "The directory of partners holds mistakes"


def read_directory(text: str, name: str) -> tuple[Listing, ...]:
    """Read a directory written as comma-separated values.

    Args:
        text: the file's content.
        name: how mistakes call the file.

    Raises:
        DirectoryRefused: there are mistakes; all of them are listed, each with its line.
    """
    reader = csv.DictReader(StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        detail = f"{name}:1: the columns are {','.join(COLUMNS)}"
        raise DirectoryRefused(detail)
    mistakes: list[str] = []
    found: dict[str, Listing] = {}
    for row in reader:
        line = _Line({column: (row[column] or "").strip() for column in COLUMNS})
        listing = line.listing(more=row.get(None), known=found)
        mistakes.extend(f"{name}:{reader.line_num}: {mistake}" for mistake in line.mistakes)
        found.setdefault(listing.id, listing)
    if not any(is_fallback(listing) for listing in found.values()):
        mistakes.append(f"{name}:1: nobody is the fallback: an active comensha without an end")
    if mistakes:
        raise DirectoryRefused("\n".join(mistakes))
    return tuple(found.values())


class _Line:
    """One line of the file, and what is wrong with it."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.mistakes = [f"{column} is missing" for column in _NEEDED if not cells[column]]
        self._cells = cells

    def listing(self, more: object, known: Collection[str]) -> Listing:
        cells = self._cells
        if more is not None:
            self.mistakes.append("there are more cells than columns; a cell with a comma stands in quotes")
        if cells["id"] in known:
            self.mistakes.append("the id stands twice")
        self._check_forms()
        valid_from, valid_to = self._day("valid_from"), self._day("valid_to")
        if valid_from and valid_to and valid_to < valid_from:
            self.mistakes.append("valid_to lies before valid_from")
        return Listing(
            id=cells["id"],
            name=cells["name"],
            kind=cells["kind"],
            source=cells["source"],
            note=cells["note"],
            services=codes(cells["services"]),
            areas=self._features("areas", ATTRIBUTES),
            target_groups=self._features("target_groups"),
            contact=Contact(cells["email"], cells["phone"]),
            status=self._status(),
            valid_from=valid_from,
            valid_to=valid_to,
            as_of=self._day("as_of"),
        )

    def _check_forms(self) -> None:
        for column, (form, words) in _FORMS.items():
            if self._cells[column] and not form.fullmatch(self._cells[column]):
                self.mistakes.append(f"{column} must be {words}")
        for column, longest in _LONGEST.items():
            if len(self._cells[column]) > longest:
                self.mistakes.append(f"{column} is longer than {longest} characters")

    def _status(self) -> PartnerStatus:
        try:
            return PartnerStatus(self._cells["status"] or PartnerStatus.ACTIVE)
        except ValueError:
            self.mistakes.append(f"status must be one of {', '.join(PartnerStatus)}")
            return PartnerStatus.ACTIVE

    def _day(self, column: str) -> date | None:
        said = self._cells[column]
        if not said:
            return None
        try:
            if _DAY.fullmatch(said):
                return date.fromisoformat(said)
        except ValueError:
            pass
        self.mistakes.append(f"{column} must be a day such as 2026-11-23")
        return None

    def _features(self, column: str, attributes: Collection[str] = ()) -> tuple[Feature, ...]:
        found = features(self._cells[column])
        if not all(one.attribute and one.values for one in found):
            self.mistakes.append(f"{column} must be written as attribute=value|value; attribute=value")
        elif attributes and not all(one.attribute in attributes for one in found):
            self.mistakes.append(f"{column} can name {', '.join(attributes)}")
        return found
