"""Whoever changes what happened is found out, also behind the service's back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from service.audit.chain import leaf_hash
from service.audit.event import Event
from service.cases.store import CaseNotFound
from service.casework.read_trail import read_trail, verify
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case


def tamper(home: Path, act: Callable[[sqlite3.Connection], object]) -> None:
    """Act as somebody with the database file in hands, whom no trigger stops."""
    connection = sqlite3.connect(home / "nrm.sqlite3")
    for verb in ("update", "delete"):
        connection.execute(f"DROP TRIGGER audit_entry_refuses_{verb}")
    act(connection)
    connection.commit()
    connection.close()


def change_an_actor(case_id: UUID) -> Callable[[sqlite3.Connection], object]:
    def act(connection: sqlite3.Connection) -> None:
        second = "SELECT body FROM audit_entry WHERE stream = ? AND seq = 2"
        (body,) = connection.execute(second, [str(case_id)]).fetchone()
        forged = body.replace(b"coordinator-1", b"coordinator-2")
        connection.execute(
            "UPDATE audit_entry SET body = ?, leaf_hash = ? WHERE stream = ? AND seq = 2",
            [forged, leaf_hash(forged), str(case_id)],
        )

    return act


def remove_an_entry(case_id: UUID) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute("DELETE FROM audit_entry WHERE stream = ? AND seq = 3", [str(case_id)])


def cut_the_end(case_id: UUID) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute(
        "DELETE FROM audit_entry WHERE stream = ?1 AND seq = (SELECT max(seq) FROM audit_entry WHERE stream = ?1)",
        [str(case_id)],
    )


def make_unreadable(case_id: UUID) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute(
        "UPDATE audit_entry SET body = ? WHERE stream = ? AND seq = 2", [b"gone", str(case_id)]
    )


@pytest.mark.parametrize(
    ("forge", "found_at"),
    [(change_an_actor, 3), (remove_an_entry, 3), (make_unreadable, 2)],
)
def test_a_tampered_trail_is_found_where_it_breaks(
    service: Service, home: Path, forge: Callable[[UUID], Callable[[sqlite3.Connection], object]], found_at: int
) -> None:
    case_id = opened_case(service).case_id
    tamper(home, forge(case_id))

    trail = read_trail(auditor(service), case_id)

    assert not trail.verified
    assert trail.first_break is not None
    assert trail.first_break.seq == found_at


def test_a_cut_end_is_found(service: Service, home: Path) -> None:
    case_id = opened_case(service).case_id
    length = len(read_trail(auditor(service), case_id).entries)
    tamper(home, cut_the_end(case_id))

    trail = read_trail(auditor(service), case_id)

    assert trail.first_break is not None
    assert trail.first_break.seq == length


def test_checking_everything_names_each_broken_trail(service: Service, home: Path) -> None:
    whole, broken = opened_case(service).case_id, opened_case(service).case_id
    assert verify(auditor(service)).verified
    tamper(home, change_an_actor(broken))

    found = verify(auditor(service))

    assert not found.verified
    assert [one.stream for one in found.breaks] == [str(broken)]
    assert str(whole) not in {one.stream for one in found.breaks}


def test_who_read_a_trail_is_kept_in_the_system_s_own_trail(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = len(read_trail(auditor(service), case_id).entries)

    after = read_trail(auditor(service), case_id)

    assert len(after.entries) == before
    assert Event.TRAIL_READ not in {entry.event for entry in after.entries}
    with service.database.look() as session:
        kept = session.connection().exec_driver_sql(
            "SELECT count(*) FROM audit_entry WHERE stream = 'sys' AND event = 'trail:read'"
        )
        assert kept.scalar_one() == 2


def test_another_office_does_not_see_the_trail(service: Service) -> None:
    case_id = opened_case(service).case_id

    with pytest.raises(CaseNotFound):
        read_trail(coordinator(service, OTHER_OFFICE), case_id)


def test_no_fact_about_the_person_stands_in_the_trail(service: Service, home: Path) -> None:
    opened_case(service, found_in="GM0153", return_country="RO")
    service.close()

    with sqlite3.connect(home / "nrm.sqlite3") as connection:
        bodies = b"".join(body for (body,) in connection.execute("SELECT body FROM audit_entry"))
    for told in (b"GM0153", b'"RO"', b"third_country", b'2026-11-23"'):
        assert told not in bodies
