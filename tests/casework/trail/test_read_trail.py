"""Whoever changes what happened is found out, also behind the service's back."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from service.audit.chain import leaf_hash
from service.audit.event import SYSTEM_STREAM, Action, Event
from service.cases.store import CaseNotFound
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.read_trail import read_trail
from service.wiring import Service
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, coordinator, opened_case, partner, referral_to
from tests.tampering import unguarded


def change_an_actor(rows: Connection, case_id: UUID) -> None:
    second = {"stream": str(case_id), "seq": 2}
    body = rows.execute(text("SELECT body FROM audit_entry WHERE stream = :stream AND seq = :seq"), second).scalar_one()
    forged = bytes(body).replace(b"coordinator-1", b"coordinator-2")
    rows.execute(
        text("UPDATE audit_entry SET body = :body, leaf_hash = :hash WHERE stream = :stream AND seq = :seq"),
        second | {"body": forged, "hash": leaf_hash(forged)},
    )


def remove_an_entry(rows: Connection, case_id: UUID) -> None:
    rows.execute(text("DELETE FROM audit_entry WHERE stream = :stream AND seq = 3"), {"stream": str(case_id)})


def cut_the_end(rows: Connection, case_id: UUID) -> None:
    last = "(SELECT max(seq) FROM audit_entry WHERE stream = :stream)"
    rows.execute(text(f"DELETE FROM audit_entry WHERE stream = :stream AND seq = {last}"), {"stream": str(case_id)})  # noqa: S608 -- our own text


def make_unreadable(rows: Connection, case_id: UUID) -> None:
    second = {"stream": str(case_id), "gone": b"gone"}
    rows.execute(text("UPDATE audit_entry SET body = :gone WHERE stream = :stream AND seq = 2"), second)


@pytest.mark.parametrize(
    ("forge", "found_at"),
    [(change_an_actor, 3), (remove_an_entry, 3), (make_unreadable, 2)],
)
def test_a_tampered_trail_is_found_where_it_breaks(
    service: Service, database_url: str, forge: Callable[[Connection, UUID], None], found_at: int
) -> None:
    case_id = opened_case(service).case_id
    with unguarded(database_url) as rows:
        forge(rows, case_id)

    trail = read_trail(auditor(service), case_id)

    assert not trail.verified
    assert trail.first_break is not None
    assert trail.first_break.seq == found_at


def test_a_cut_end_is_found(service: Service, database_url: str) -> None:
    case_id = opened_case(service).case_id
    length = len(read_trail(auditor(service), case_id).entries)
    with unguarded(database_url) as rows:
        cut_the_end(rows, case_id)

    trail = read_trail(auditor(service), case_id)

    assert trail.first_break is not None
    # The first reading was the entry that was cut.
    assert trail.first_break.seq == length + 1


def test_the_trail_of_a_case_tells_who_read_it_before(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = read_trail(auditor(service), case_id)

    after = read_trail(coordinator(service), case_id)

    assert Event.TRAIL_READ not in {entry.event for entry in before.entries}
    assert after.entries[:-1] == before.entries
    last = after.entries[-1]
    assert (last.event, last.action, last.actor) == (Event.TRAIL_READ, Action.READ, "auditor-1")
    assert [(one.type, one.id) for one in last.objects] == [("case", str(case_id))]
    assert "trail:read" not in {entry["event"] for entry in audit_bodies(service, SYSTEM_STREAM)}
    assert audit_bodies(service, case_id)[-1]["actor"] == "coordinator-1"


def test_the_trail_shows_what_the_hashed_bytes_say(service: Service) -> None:
    case_id = opened_case(service).case_id
    read_referral(partner(service, "comensha"), referral_to(service, case_id, "comensha"))

    shown = read_trail(auditor(service), case_id).entries

    kept = audit_bodies(service, case_id)[: len(shown)]
    assert [(one.action, one.purpose) for one in shown] == [(one["action"], one["purpose"]) for one in kept]
    objects = [[thing.model_dump(mode="json") for thing in one.objects] for one in shown]
    assert objects == [one["objects"] for one in kept]
    assert "exploitation" in shown[-1].objects[0].fields


def test_another_office_does_not_see_the_trail(service: Service) -> None:
    case_id = opened_case(service).case_id

    with pytest.raises(CaseNotFound):
        read_trail(coordinator(service, OTHER_OFFICE), case_id)


def test_no_fact_about_the_person_stands_in_the_trail(service: Service, database_url: str) -> None:
    opened_case(service, found_in="GM0153", return_country="RO")
    service.close()

    with unguarded(database_url) as rows:
        bodies = b"".join(bytes(body) for body in rows.execute(text("SELECT body FROM audit_entry")).scalars())
    for told in (b"GM0153", b'"RO"', b"third_country", b'2026-11-23"'):
        assert told not in bodies
