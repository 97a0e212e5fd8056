"""The organisations that can be asked, and which of them are asked for something, in which order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from service.kernel.errors import DomainError, Kind
from service.routing.facts.features import Feature
from service.routing.facts.places import ATTRIBUTES

CARE_COORDINATOR: Final = "care_coordinator"
FALLBACK: Final = "comensha"
"""The kind of the organisation that steps in wherever nobody else is known."""


class PartnerStatus(StrEnum):
    """Whether an organisation is asked."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class NobodyToAsk(DomainError):
    """The directory holds nobody for this and no fallback either: it was never filled."""

    kind = Kind.UNAVAILABLE
    code = "directory-empty"
    title = "The directory of partners is not filled yet"


class FallbackNeeded(DomainError):
    """Without an organisation that steps in wherever nobody else is known, a person could be sent to nobody."""

    kind = Kind.CONFLICT
    code = "fallback-needed"
    title = "CoMensha must stay in the directory, active and without an end"


@dataclass(frozen=True)
class Contact:
    """How a person reaches an organisation, for what is handed over by hand."""

    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Listing:
    """One organisation as the directory names it.

    Attributes:
        id: its id, also in tokens.
        name: what it is called.
        kind: what it is to the rules.
        source: where all this was found.
        note: what else is to be known.
        services: what it offers beside what its kind says, in codes of the rules.
        areas: where it works; any of them is enough, and none means that no restriction is known.
        target_groups: whom it helps, in facts of the rules; all of them must fit, as far as the facts are known.
        contact: how a person reaches it.
        status: whether it is asked.
        valid_from: first day on which this holds; None when no day is known.
        valid_to: last day on which this holds; None while no end is known.
        as_of: the day of the source; None when the source has no date.
    """

    id: str
    name: str
    kind: str
    source: str
    note: str = ""
    services: frozenset[str] = frozenset()
    areas: tuple[Feature, ...] = ()
    target_groups: tuple[Feature, ...] = ()
    contact: Contact = Contact()
    status: PartnerStatus = PartnerStatus.ACTIVE
    valid_from: date | None = None
    valid_to: date | None = None
    as_of: date | None = None

    def is_asked(self, on: date) -> bool:
        """Tell whether the organisation may be asked on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        return self.status is PartnerStatus.ACTIVE and begun and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Where:
    """Where help is needed.

    Attributes:
        attributes: what is known of the municipality that counts, by the names of the reference data; empty when
            nobody knows the municipality.
        coordinator: name of the care coordinator that the rules found; None when the fallback steps in.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    coordinator: str | None = None


Group = Mapping[str, frozenset[str]]
"""Who needs help, as far as it is known: facts of the rules and the values that hold; what is unknown is left out."""


def is_fallback(listing: Listing) -> bool:
    """Tell whether an organisation steps in for others, on any day from now on."""
    return listing.kind == FALLBACK and listing.status is PartnerStatus.ACTIVE and listing.valid_to is None


def candidates(
    asked_as: str, where: Where, group: Group, directory: Iterable[Listing], on: date
) -> tuple[Listing, ...]:
    """Give everybody who can be asked for something, in the order in which they are asked.

    Whoever works in the narrowest area that holds the place comes first, and the fallback comes last, always: also
    when it is the only one. A care coordinator is asked only where the rules named it. What is not known about the
    person excludes nobody; where nobody knows the place, only organisations without a restriction are asked.

    Args:
        asked_as: the kind of organisation that the rules name, or a service that an organisation offers.
        where: where help is needed.
        group: who needs it.
        directory: every organisation, also those that are not asked now.
        on: the day in the Netherlands.

    Raises:
        NobodyToAsk: not even the fallback is there.
    """
    known = sorted(directory, key=lambda listing: listing.id)
    fallback = sorted((one for one in known if one.kind == FALLBACK), key=lambda one: not one.is_asked(on))
    if not fallback:
        raise NobodyToAsk
    ranked = [
        (rank, one)
        for one in known
        if one.kind != FALLBACK
        and asked_as in {one.kind, *one.services}
        and one.is_asked(on)
        and _helps(one, group)
        and (rank := _rank(one, asked_as, where)) is not None
    ]
    return (*(one for _, one in sorted(ranked, key=lambda found: (found[0], found[1].id))), fallback[0])


def _helps(listing: Listing, group: Group) -> bool:
    return all(
        feature.attribute not in group or not group[feature.attribute].isdisjoint(feature.values)
        for feature in listing.target_groups
    )


def _rank(listing: Listing, asked_as: str, where: Where) -> int | None:
    """Say how narrow the area is in which an organisation is asked here; None when it is not asked here."""
    if asked_as == CARE_COORDINATOR:
        return 0 if listing.name == where.coordinator else None
    if not listing.areas:
        return len(ATTRIBUTES)
    return min(
        (
            ATTRIBUTES.index(area.attribute)
            for area in listing.areas
            if where.attributes.get(area.attribute) in area.values
        ),
        default=None,
    )
