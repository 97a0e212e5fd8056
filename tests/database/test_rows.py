"""New rows of an act go to the database together, and nobody can tell that they have waited for each other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, text, update
from sqlmodel import Session, col, select

from service.audit.event import SYSTEM_STREAM, Act, Action, Event
from service.cases.lifecycle import CaseState
from service.cases.tables import Case, CaseFacts
from service.database.engine import Database
from service.database.rows import Rows, insert_rows, new_rows_of, reading_only
from service.database.unit_of_work import UnitOfWork
from service.dispatch.tables import Lane
from service.kernel.ids import new_id
from service.partners.tables import Partner
from service.wiring import Service

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
Question = Callable[[Session, UUID], object]


def lane(case_id: UUID, partner_id: str) -> Lane:
    return Lane(id=new_id(), partner_id=partner_id, case_id=case_id)


def case() -> Case:
    return Case(id=new_id(), org="office", opened_at=MONDAY, state=CaseState.OPEN)


def facts_of(one: Case, version: int = 1) -> CaseFacts:
    return CaseFacts(case_id=one.id, version=version, given=b"sealed", told_at=MONDAY)


@contextmanager
def acting(service: Service) -> Iterator[UnitOfWork]:
    context = service.operator()
    with context.work() as work:
        yield work
        context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))


@contextmanager
def written(database: Database) -> Iterator[list[str]]:
    """Note every change of rows, as verb and table, but for the trail's."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
        words = sql.replace("INTO ", "").split()
        if words[0] in ("INSERT", "UPDATE") and not words[1].startswith("audit_"):
            found.append(f"{words[0]} {words[1]}")

    event.listen(database.writer, "before_cursor_execute", note)
    yield found
    event.remove(database.writer, "before_cursor_execute", note)


def count_of(session: Session, kind: type[Case | CaseFacts | Lane]) -> int:
    return int(session.connection().execute(select(func.count()).select_from(kind)).scalar_one())


def as_objects(session: Session, case_id: UUID) -> object:
    return session.exec(select(Case).where(col(Case.id) == case_id)).one()


def by_key(session: Session, case_id: UUID) -> object:
    return session.get_one(Case, case_id)


def by_statement(session: Session, _: UUID) -> object:
    return session.connection().execute(select(col(Case.id))).one()


def by_hand(session: Session, _: UUID) -> object:
    return session.connection().execute(text("SELECT id FROM cases")).one()


def naming_what_it_reads(session: Session, _: UUID) -> object:
    return session.connection().execute(reading_only(select(col(Case.id)), Case)).one()


@pytest.mark.parametrize("question", [as_objects, by_key, by_statement, by_hand, naming_what_it_reads])
def test_whatever_is_asked_finds_the_rows_that_the_act_has_made(service: Service, question: Question) -> None:
    with acting(service) as work:
        made = case()
        work.session.add(made)

        assert question(work.session, made.id)


def test_a_change_by_statement_reaches_the_rows_that_the_act_has_made(service: Service) -> None:
    with acting(service) as work:
        work.session.add(case())
        work.session.connection().execute(update(Case).values(org="elsewhere"))

    with service.database.look() as session:
        assert session.exec(select(col(Case.org))).all() == ["elsewhere"]


def test_the_rows_of_a_table_are_one_statement_and_others_that_they_point_at_come_first(service: Service) -> None:
    cases = [case(), case(), case()]

    with written(service.database) as statements, acting(service) as work:
        for one in cases:
            work.session.add(facts_of(one))
            work.session.add(one)

    assert statements == ["INSERT cases", "INSERT case_facts"]
    with service.database.look() as session:
        assert (count_of(session, Case), count_of(session, CaseFacts)) == (3, 3)


def test_rows_of_which_nobody_needs_an_object_wait_with_the_others_and_are_found_like_them(service: Service) -> None:
    made = case()
    values = {"case_id": made.id, "version": 1, "given": b"sealed", "told_at": MONDAY}

    with written(service.database) as statements, acting(service) as work:
        insert_rows(work.session, CaseFacts, [values])
        work.session.add(made)
        assert not statements
        assert count_of(work.session, CaseFacts) == 1

    assert statements == ["INSERT cases", "INSERT case_facts"]
    with service.database.look() as session:
        assert session.exec(select(col(CaseFacts.given))).all() == [b"sealed"]


def test_a_row_that_changes_while_it_waits_is_written_once_and_as_it_is_then(service: Service) -> None:
    with written(service.database) as statements, acting(service) as work:
        made = case()
        work.session.add(made)
        work.session.refresh(made, with_for_update=True)
        made.version = 2

    assert statements == ["INSERT cases"]
    with service.database.look() as session:
        assert session.exec(select(col(Case.version))).all() == [2]


def test_a_row_that_changes_after_it_was_written_is_still_watched(service: Service) -> None:
    with acting(service) as work:
        made = case()
        work.session.add(made)
        assert count_of(work.session, Case) == 1
        made.version = 2
        work.session.refresh(made, with_for_update=True)
        made.version += 1

    with service.database.look() as session:
        assert session.exec(select(col(Case.version))).all() == [3]


def test_rows_and_changes_are_written_in_the_order_in_which_they_were_made(service: Service) -> None:
    with written(service.database) as statements, acting(service) as work:
        partner = work.session.get_one(Partner, "comensha")
        work.session.add(case())
        partner.name = "Elsewhere"
        work.session.add(lane(new_id(), "comensha"))
        partner.name = "Nowhere"

    assert statements == ["INSERT cases", "UPDATE partner", "INSERT dispatch_lane", "UPDATE partner"]


def test_a_part_that_is_taken_back_takes_its_own_rows_with_it_and_no_others(service: Service) -> None:
    kept, lost = case(), case()

    def try_a_part(work: UnitOfWork) -> None:
        with work.part() as part:
            part.session.add(lost)
            raise ZeroDivisionError

    with acting(service) as work:
        work.session.add(kept)
        with pytest.raises(ZeroDivisionError):
            try_a_part(work)

    with service.database.look() as session:
        assert session.exec(select(col(Case.id))).all() == [kept.id]


def test_a_question_that_names_what_it_reads_lets_other_rows_wait(service: Service) -> None:
    with written(service.database) as statements, acting(service) as work:
        work.session.add(case())
        work.session.connection().execute(reading_only(select(col(Lane.id)), Lane))

        assert statements == []


def test_a_row_that_says_nothing_of_a_time_gets_that_of_the_database(service: Service) -> None:
    with acting(service) as work:
        work.session.add(lane(new_id(), "comensha"))

    with service.database.look() as session:
        found = session.exec(select(Lane)).one()
        asked = session.connection().execute(select(col(Lane.id)).where(col(Lane.next_due) <= found.next_due)).all()
        assert found.next_due.tzinfo is not None
        assert len(asked) == 1


def test_what_is_new_about_a_case_is_known_without_asking_as_long_as_the_case_waits(service: Service) -> None:
    with acting(service) as work:
        made, elsewhere = case(), new_id()
        facts = facts_of(made)
        work.session.add_all([made, facts, lane(elsewhere, "comensha")])

        assert new_rows_of(work.session, CaseFacts, made.id) == [facts]
        assert new_rows_of(work.session, Lane, made.id) == []
        assert new_rows_of(work.session, Lane, made.id, elsewhere) is None

        assert count_of(work.session, Case) == 1
        assert new_rows_of(work.session, CaseFacts, made.id) is None
        assert work.session.made_here(made.id)
        assert not work.session.made_here(elsewhere)


def test_who_only_looks_makes_no_rows(service: Service) -> None:
    with service.database.look() as session:
        assert not isinstance(session, Rows)
        assert new_rows_of(session, CaseFacts, new_id()) is None
