"""Whoever gives a row to somebody else, moves a sealed value or gives access back past the service is found."""

from uuid import UUID

import pytest
from sqlalchemy import Uuid, bindparam, text

from service.casework.access.revoke_access import revoke_access
from service.casework.trail.verify_log import verify_log
from service.wiring import Service
from tests.factories import auditor, opened_case
from tests.tampering import unguarded


@pytest.mark.parametrize(
    ("statement", "whose"),
    [
        ("UPDATE cases SET org = 'another-desk' WHERE id = :case", "the case {case} was made for another org"),
        ("UPDATE referral SET partner_id = 'fairwork' WHERE case_id = :case", "was made for another partner"),
        ("UPDATE deadline SET case_id = :other, generation = 7 WHERE case_id = :case", "was made for another case"),
    ],
)
def test_a_row_that_was_given_to_somebody_else_is_found(
    service: Service, database_url: str, statement: str, whose: str
) -> None:
    cases: dict[str, UUID] = {name: opened_case(service).case_id for name in ("case", "other")}
    named = {name: case for name, case in cases.items() if f":{name}" in statement}
    with unguarded(database_url) as rows:
        rows.execute(text(statement).bindparams(*(bindparam(name, type_=Uuid()) for name in named)), named)

    breaks = verify_log(auditor(service)).breaks

    assert {one.stream for one in breaks} == {str(cases["case"])}
    assert all(whose.format(case=cases["case"]) in one.what for one in breaks)


@pytest.mark.parametrize(("table", "column"), [("case_decision", "receipt"), ("referral", "disclosed")])
def test_a_sealed_value_that_no_entry_committed_to_is_found_in_another_row(
    service: Service, database_url: str, table: str, column: str
) -> None:
    opened_case(service)
    opened_case(service)
    one = f"(SELECT {column} FROM {table} ORDER BY id LIMIT 1)"  # noqa: S608 -- our own names
    with unguarded(database_url) as rows:
        rows.execute(text(f"UPDATE {table} SET {column} = {one} WHERE {column} <> {one}"))  # noqa: S608

    breaks = verify_log(auditor(service)).breaks

    assert breaks
    assert all(broken.what.startswith(f"{column} of the {table} ") for broken in breaks)


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET revoked_at = '2026-01-01 00:00:00.000000'"])
def test_access_that_was_given_back_past_the_service_is_found(
    service: Service, database_url: str, statement: str
) -> None:
    revoke_access(service.operator(), "example-desk", "somebody-who-left")
    assert verify_log(auditor(service)).verified
    with unguarded(database_url) as rows:
        rows.execute(text(statement.format("access_revocation")))

    (broken,) = verify_log(auditor(service)).breaks

    assert broken.what == "access that was taken here is no longer taken"
