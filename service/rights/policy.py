"""Which rights a person is told about, and when enough was told before a consent or a report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Item(StrEnum):
    """One thing that a person is told: seven rights, and what follows from a false report."""

    ASSISTANCE = "assistance"
    HEALTH_CARE = "health_care"
    RESIDENCE_PERMIT = "residence_permit"
    WORK = "work"
    ACCESS_TO_COURT = "access_to_court"
    LAWYER = "lawyer"
    COMPENSATION = "compensation"
    FALSE_REPORT = "false_report"


class How(StrEnum):
    """How somebody was told."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    INTERPRETER = "interpreter"


BEFORE_CONSENT: Final = tuple(item for item in Item if item is not Item.FALSE_REPORT)
"""The seven rights, which come before any consent (Directive 2011/36/EU, article 11(6))."""

BEFORE_REPORT: Final = tuple(Item)
"""What comes before a report: the seven rights, and the consequences of a false report."""


@dataclass(frozen=True)
class Telling:
    """One time that a person was told.

    Attributes:
        items: what about.
        on: the local day.
        understood: whether it was in a language that the person understands.
    """

    items: frozenset[Item]
    on: date
    understood: bool


def given_on(tellings: Iterable[Telling]) -> dict[Item, date]:
    """Give the first day on which each item was told so that the person understood it.

    Args:
        tellings: what counts; what was put right afterwards does not.
    """
    found: dict[Item, date] = {}
    for telling in tellings:
        for item in telling.items if telling.understood else ():
            found[item] = min(telling.on, found.get(item, telling.on))
    return found


def missing(given: dict[Item, date], needed: Iterable[Item], day: date) -> tuple[Item, ...]:
    """Give what the person had not been told by the end of a day; told on the day itself is early enough.

    Args:
        given: the first day of each item that was told.
        needed: what should have been told.
        day: the local day of the consent or the report.
    """
    return tuple(item for item in needed if item not in given or given[item] > day)
