"""Lists show whole pages of what the caller may see, in one order, and tell nothing about anybody else's cases."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.audit.tables import AuditEntry
from service.cases.lifecycle import CaseState, DecisionState
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.list_cases import list_cases, search_cases
from service.casework.cases.read_cases import read_case
from service.casework.questions import ListCases, SearchCases
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.kernel.paging import CursorNotUnderstood
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, partner, signal

KEY = "a-key-of-one-signal-0001"


def all_pages(service: Service, size: int) -> list[UUID]:
    found: list[UUID] = []
    question = ListCases(page_size=size)
    while True:
        page = list_cases(coordinator(service), question)
        assert len(page.items) <= size
        found += [line.id for line in page.items]
        if page.next_cursor is None:
            return found
        question = ListCases(page_size=size, cursor=page.next_cursor)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 100])
def test_pages_show_every_case_once_newest_first(service: Service, clock: FixedClock, size: int) -> None:
    opened = []
    for minutes in (1, 0, 1):
        opened.append(opened_case(service).case_id)
        clock.move(timedelta(minutes=minutes))

    found = all_pages(service, size)
    assert sorted(found) == sorted(opened)
    assert found[0] == opened[-1] or found[0] == opened[-2]
    assert found[-1] == opened[0]


def test_a_case_that_comes_in_between_two_pages_neither_repeats_nor_hides_another(
    service: Service, clock: FixedClock
) -> None:
    older, newer = opened_case(service).case_id, None
    clock.move(timedelta(minutes=1))
    newer = opened_case(service).case_id
    first = list_cases(coordinator(service), ListCases(page_size=1))
    clock.move(timedelta(minutes=1))
    opened_case(service)

    second = list_cases(coordinator(service), ListCases(page_size=1, cursor=first.next_cursor))

    assert [line.id for line in (*first.items, *second.items)] == [newer, older]
    assert second.next_cursor is None


def test_nobody_sees_another_office_s_cases_not_even_by_its_cursor_or_its_ids(service: Service) -> None:
    ids = [opened_case(service).case_id for _ in "ab"]
    foreign = list_cases(coordinator(service), ListCases(page_size=1)).next_cursor
    south = coordinator(service, OTHER_OFFICE)

    assert list_cases(south, ListCases()).items == ()
    assert list_cases(south, ListCases(cursor=foreign)).items == ()
    assert search_cases(south, SearchCases(case_ids=tuple(ids))).items == ()
    assert len(list_cases(auditor(service), ListCases()).items) == 2
    with pytest.raises(ScopeMissing):
        list_cases(partner(service, "comensha"), ListCases())


def test_a_cursor_that_was_not_given_is_refused(service: Service) -> None:
    with pytest.raises(CursorNotUnderstood):
        list_cases(coordinator(service), ListCases(cursor="not-a-cursor"))


def test_a_line_says_how_far_a_case_is_and_nothing_about_the_person(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service, age_in_doubt="yes").case_id)
    confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    (line,) = list_cases(coordinator(service), ListCases()).items
    assert (line.id, line.state, line.decision_state) == (case.id, CaseState.OPEN, DecisionState.CONFIRMED)
    assert line.open_tasks == len(case.tasks) > 0
    assert not {"facts", "content", "shelter"} & set(type(line).model_fields)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"state": CaseState.CLOSED}, False),
        ({"decision_state": DecisionState.PROPOSED}, True),
        ({"decision_state": DecisionState.SUPERSEDED}, False),
        ({"opened_from": date(2026, 11, 23), "opened_before": date(2026, 11, 24)}, True),
        ({"opened_from": date(2026, 11, 24)}, False),
        ({"opened_before": date(2026, 11, 23)}, False),
        ({"open_task": "age_check"}, True),
        ({"open_task": "exit_plan"}, False),
        ({"submission_key": KEY}, True),
        ({"submission_key": KEY + "2"}, False),
        ({"partner_id": "comensha"}, True),
        ({"partner_id": "nidos-of-nowhere"}, False),
        ({"partner_id": "comensha", "referral_state": ReferralState.QUEUED}, True),
        ({"partner_id": "comensha", "referral_state": ReferralState.DECLINED}, False),
    ],
)
def test_a_search_gives_what_fits_every_filter(service: Service, asked: dict[str, Any], found: bool) -> None:  # noqa: FBT001 -- a column of the table above
    receive_signal(coordinator(service), signal(KEY, age_in_doubt="yes"))

    assert bool(search_cases(coordinator(service), SearchCases(**asked)).items) is found


def test_a_local_day_begins_at_midnight_in_the_netherlands(service: Service, clock: FixedClock) -> None:
    clock.move(timedelta(hours=14, minutes=30))
    opened_case(service)

    at_half_past_midnight = ListCases(opened_from=date(2026, 11, 24))
    assert len(list_cases(coordinator(service), at_half_past_midnight).items) == 1


def test_every_case_shown_says_so_in_its_trail_and_the_question_is_kept_as_a_hash(service: Service) -> None:
    shown = [opened_case(service).case_id for _ in "ab"]
    hidden = opened_case(service).case_id
    search_cases(auditor(service), SearchCases(case_ids=tuple(shown)))

    assert [told(service, case_id) for case_id in (*shown, hidden)] == [True, True, False]
    with service.database.look() as session:
        (body,) = session.exec(
            select(AuditEntry.body).where(col(AuditEntry.stream) == "sys", col(AuditEntry.event) == Event.CASE_SEARCHED)
        )
    assert b'"count"' in body
    assert str(shown[0]).encode() not in body


def told(service: Service, case_id: UUID) -> bool:
    return Event.CASE_SEARCHED in {entry.event for entry in read_trail(coordinator(service), case_id).entries}
