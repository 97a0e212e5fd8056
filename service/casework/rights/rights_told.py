"""Rights come first: no report is recorded before them, and what was told elsewhere without them leaves a task."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from service.cases.tables import Case
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.rights import store as rights
from service.rights.policy import BEFORE_CONSENT, BEFORE_REPORT, Item, missing

RECORD_RIGHTS: Final = "record_rights_information"
"""Kind of the task to tell the person about rights, or to record that it was done."""

REPORT: Final = ("reported_on", "record_signed_on")
"""The facts that say that a report was made; who co-operates otherwise reports nothing."""

_SEVEN_RIGHTS: Final = (RECORD_RIGHTS, "NT-19")
_FALSE_REPORT: Final = (RECORD_RIGHTS, "NT-20")


class RightsNotTold(DomainError):
    """The person was not told about rights before the consent or the report, as far as is recorded."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "rights-not-told"
    title: ClassVar[str] = "Nothing says that the person was told about rights first; record that before"


def require_told(work: UnitOfWork, case_id: UUID, day: date, needed: Iterable[Item], where: str) -> None:
    """Stop what may only follow upon information on rights.

    Args:
        work: the unit of work of the act.
        case_id: the case.
        day: the local day of the consent or the report.
        needed: what must have been told by then.
        where: pointer to the day in what was said.

    Raises:
        RightsNotTold: something was not told by then, or not so that the person understood it.
    """
    if not rights.given_before(work.session, work.vault, case_id, day, needed):
        raise RightsNotTold(problems=(Problem(where, RightsNotTold.code, RightsNotTold.title + "."),))


def require_before_report(
    work: UnitOfWork, case: Case, known: Mapping[str, Any], given: Mapping[str, Any], told_by: date | None = None
) -> None:
    """Stop facts that say for the first time, or of another day, that a report was made, while rights were not told.

    Args:
        work: the unit of work of the change.
        case: whose facts they are.
        known: the facts that counted so far.
        given: those that shall count.
        told_by: the day by which rights must have been told; that of the report when left out.

    Raises:
        RightsNotTold: something was not told by the day of the report.
    """
    for name in REPORT:
        if name in given and given[name] != known.get(name):
            require_told(work, case.id, told_by or date.fromisoformat(given[name]), BEFORE_REPORT, f"/facts/{name}")


def rights_to_record(work: UnitOfWork, case: Case, given: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Give the tasks about rights that facts leave behind: what was told elsewhere is kept as it was told.

    Args:
        work: the unit of work that keeps the facts.
        case: the case.
        given: the facts that count.
    """
    reported = any(name in given for name in REPORT)
    if not reported and "given" not in dict(given.get("consent") or {}).values():
        return frozenset()
    told = rights.items_given(work.vault, rights.records(work.session, case.id))
    return frozenset(_asks(missing(told, BEFORE_REPORT, date.max), reported=reported))


def _asks(lacking: tuple[Item, ...], *, reported: bool) -> Iterator[tuple[str, str]]:
    if not set(BEFORE_CONSENT).isdisjoint(lacking):
        yield _SEVEN_RIGHTS
    if reported and Item.FALSE_REPORT in lacking:
        yield _FALSE_REPORT
