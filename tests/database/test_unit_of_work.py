"""No change is kept without an entry in the trail, in whatever way it is written."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from service.audit.event import SYSTEM_STREAM, Act, Action, Event
from service.database.unit_of_work import BOOKKEEPING, UnauditedWrite, UnitOfWork
from service.kernel.errors import Unavailable
from service.partners.directory import PartnerStatus
from service.partners.tables import Partner
from service.schema import METADATA
from service.wiring import Service
from tests.tampering import full_disk

NEW: dict[str, Any] = {
    "id": "new",
    "name": "New",
    "kind": "care",
    "source": "invented",
    "note": "",
    "services": "",
    "email": "",
    "phone": "",
    "areas": "",
    "target_groups": "",
    "status": PartnerStatus.ACTIVE,
    "version": 1,
}


def as_object(work: UnitOfWork) -> None:
    work.session.add(Partner(**NEW))


def changed_object(work: UnitOfWork) -> None:
    partner = work.session.get_one(Partner, "comensha")
    partner.note = "elsewhere"


def deleted_object(work: UnitOfWork) -> None:
    work.session.delete(work.session.get_one(Partner, "comensha"))


def in_bulk(work: UnitOfWork) -> None:
    work.session.connection().execute(insert(Partner), [NEW])


def bulk_through_the_session(work: UnitOfWork) -> None:
    work.session.execute(update(Partner).values(note="elsewhere"))


def by_hand(work: UnitOfWork) -> None:
    work.session.connection().execute(text("UPDATE partner SET note = 'elsewhere'"))


def by_the_driver(work: UnitOfWork) -> None:
    work.session.connection().exec_driver_sql("UPDATE partner SET note = 'elsewhere'")


def hidden_behind_a_query(work: UnitOfWork) -> None:
    work.session.connection().exec_driver_sql("WITH one AS (SELECT 1) UPDATE partner SET note = 'elsewhere'")


WAYS = [
    as_object,
    changed_object,
    deleted_object,
    in_bulk,
    bulk_through_the_session,
    by_hand,
    by_the_driver,
    hidden_behind_a_query,
]


@pytest.mark.parametrize("write", WAYS)
def test_a_write_without_an_audit_entry_is_refused(service: Service, write: Callable[[UnitOfWork], None]) -> None:
    before = directory(service)

    with pytest.raises(UnauditedWrite), service.database.work() as work:
        write(work)

    assert directory(service) == before


@pytest.mark.parametrize("write", WAYS)
def test_a_write_with_an_audit_entry_is_kept(service: Service, write: Callable[[UnitOfWork], None]) -> None:
    before = directory(service)
    context = service.operator()

    with context.work() as work:
        write(work)
        context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))

    assert directory(service) != before


def test_an_act_that_fails_leaves_neither_change_nor_entry(service: Service) -> None:
    context, before = service.operator(), directory(service)
    entries = entries_kept(service)

    def act() -> None:
        with context.work() as work:
            in_bulk(work)
            context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert directory(service) == before
    assert entries_kept(service) == entries


def test_what_the_database_refuses_at_the_very_end_is_not_kept_and_hinders_nobody(service: Service) -> None:
    context, before = service.operator(), directory(service)
    entries = entries_kept(service)

    def act() -> None:
        with context.work() as work:
            work.session.add(Partner(**NEW))
            work.session.add(Partner(**NEW))
            context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))

    for _ in "ab":
        with pytest.raises(IntegrityError):
            act()

    assert (directory(service), entries_kept(service)) == (before, entries)
    with context.work() as work:
        work.session.add(Partner(**NEW))
        context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))
    assert len(directory(service)) == len(before) + 1


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("table", ["partner", "audit_entry"])
def test_whatever_row_the_database_refuses_the_next_act_finds_a_sound_connection(
    service: Service, database_url: str, table: str
) -> None:
    context, before = service.operator(), directory(service)

    def act() -> None:
        with context.work() as work:
            work.session.add(Partner(**NEW))
            context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))

    with full_disk(service.database, database_url, table):
        for _ in "abc":
            with pytest.raises(Unavailable):
                act()

    assert directory(service) == before
    act()
    assert len(directory(service)) == len(before) + 1


def test_looking_needs_no_entry(service: Service) -> None:
    with service.database.work() as work:
        assert work.session.get(Partner, "comensha") is not None


def test_only_tables_that_exist_are_excused() -> None:
    assert METADATA.tables.keys() >= BOOKKEEPING


def directory(service: Service) -> list[tuple[str, str]]:
    with service.database.look() as session:
        return list(session.exec(select(col(Partner.id), col(Partner.note)).order_by(col(Partner.id))))


def entries_kept(service: Service) -> int:
    with service.database.look() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM audit_entry")).scalar_one())
