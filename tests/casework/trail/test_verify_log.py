"""Whoever changes, removes, adds or moves anything in the log is found, and what was done is named."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, CursorResult, create_engine, text

from service.audit.chain import leaf_hash
from service.audit.event import SYSTEM_STREAM, Act, Action, Event
from service.audit.sealer import MOST_AT_ONCE
from service.casework.cases.read_cases import read_case
from service.casework.trail.audited_rows import AUDITED
from service.casework.trail.seal_log import seal_log
from service.casework.trail.verify_log import newest_checkpoint, verify_log
from service.casework.views.trail import LogVerificationView
from service.database.unit_of_work import BOOKKEEPING
from service.schema import METADATA
from service.wiring import Service
from tests.factories import auditor, coordinator, opened_case
from tests.tampering import unguarded


class Rows:
    """The database in the hands of somebody whom no trigger stops."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, question: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
        """Ask for one row."""
        return tuple(self.execute(question, values).one())

    def execute(self, statement: str, values: Sequence[object] = ()) -> CursorResult[Any]:
        """Run a statement whose values stand as question marks; what it did is kept at once."""
        names = iter(range(len(values)))
        named = re.sub(r"\?", lambda _: f":v{next(names)}", statement)
        return self._connection.execute(text(named), {f"v{number}": value for number, value in enumerate(values)})


SMALLEST = "(SELECT min(size) FROM audit_checkpoint)"
_SAME = ", ".join(column.name for column in METADATA.tables["partner"].columns if column.name != "id")
A_TWIN = f"INSERT INTO partner (id, {_SAME}) SELECT 'new', {_SAME} FROM partner LIMIT 1"  # noqa: S608 -- our own names
NAMED_BY_OTHERS = {"audit_entry", "data_key", "recognition_tag", "access_revocation"}
"""The trail itself; keys, of which the acts of whoever keeps them speak; tags, which come and go with a signal; tokens
that are no longer believed, of whose holders entries speak."""


def seal(service: Service) -> None:
    """Do what the worker does all the time where commits do not seal themselves."""
    seal_log(service.system(), "a-worker", timedelta(0))


@pytest.fixture
def case(service: Service) -> str:
    """Open a case between two others, and look at it."""
    opened_case(service)
    seal(service)
    case_id = opened_case(service).case_id
    seal(service)
    opened_case(service)
    seal(service)
    read_case(coordinator(service), case_id)
    seal(service)
    return str(case_id)


@pytest.fixture
def rows(database_url: str, case: str) -> Iterator[Rows]:
    """Give the database into the hands of somebody whom no trigger stops."""
    with unguarded(database_url):
        pass
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        yield Rows(connection)
    engine.dispose()


def examined(service: Service) -> LogVerificationView:
    return verify_log(auditor(service))


def told(found: LogVerificationView, case: str) -> set[int | None]:
    """Give the entries of the case's trail that were named."""
    return {broken.seq for broken in found.breaks if broken.stream == case}


def place_of(rows: Rows, case: str, seq: int) -> int:
    question = "SELECT leaf_index FROM audit_entry WHERE stream = ? AND seq = ?"
    return int(rows.one(question, [case, seq])[0])


def length_of(rows: Rows, case: str) -> int:
    return int(rows.one("SELECT max(seq) FROM audit_entry WHERE stream = ?", [case])[0])


def test_a_log_that_nobody_touched_holds(service: Service, case: str) -> None:
    found = examined(service)

    assert found.breaks == ()
    assert found.verified
    assert found.entries == found.size > 20
    assert found.waiting == 0
    assert found.checkpoints > 3
    assert found.rows > 50


def test_that_the_log_was_examined_is_an_entry_and_the_log_still_holds(service: Service, case: str) -> None:
    before = examined(service)

    after = examined(service)

    assert (after.size, after.verified) == (before.size + 1, True)


@pytest.mark.only_on("sqlite")
def test_a_commit_of_very_many_entries_is_sealed_whole(service: Service) -> None:
    context = service.operator()
    with context.work() as work:
        for _ in range(MOST_AT_ONCE + 1):
            context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM))

    found = examined(service)

    assert (found.verified, found.waiting) == (True, 0)


def test_a_flipped_byte_of_a_stored_entry_is_found_and_the_entry_named(service: Service, rows: Rows, case: str) -> None:
    (body,) = rows.one("SELECT body FROM audit_entry WHERE stream = ? AND seq = 3", [case])
    statement = "UPDATE audit_entry SET body = ? WHERE stream = ? AND seq = 3"
    place = place_of(rows, case, 3)

    for where in range(0, len(body), 61):
        rows.execute(statement, [body[:where] + bytes([body[where] ^ 4]) + body[where + 1 :], case])
        broken = examined(service).breaks
        assert [(one.stream, one.seq, one.place) for one in broken] == [(case, 3, place)], where

    rows.execute(statement, [body, case])
    assert examined(service).verified


def test_a_forged_entry_whose_hash_was_made_to_fit_is_named(service: Service, rows: Rows, case: str) -> None:
    (body,) = rows.one("SELECT body FROM audit_entry WHERE stream = ? AND seq = 2", [case])
    forged = body.replace(b"coordinator-1", b"coordinator-2")
    update = "UPDATE audit_entry SET body = ?, leaf_hash = ? WHERE stream = ? AND seq = 2"
    rows.execute(update, [forged, leaf_hash(forged), case])

    [broken] = examined(service).breaks

    assert (broken.stream, broken.seq) == (case, 2)
    assert "not the entry that was put in this place" in broken.what


@pytest.mark.parametrize("seq", [1, 2, 5])
def test_a_deleted_entry_is_named(service: Service, rows: Rows, case: str, seq: int) -> None:
    place = place_of(rows, case, seq)
    rows.execute("DELETE FROM audit_entry WHERE stream = ? AND seq = ?", [case, seq])

    found = examined(service)

    assert not found.verified
    assert told(found, case) == {seq}
    assert place in {broken.place for broken in found.breaks}


def test_the_last_entry_of_a_trail_that_was_deleted_is_named(service: Service, rows: Rows, case: str) -> None:
    last = length_of(rows, case)
    rows.execute("DELETE FROM audit_entry WHERE stream = ? AND seq = ?", [case, last])
    assert told(examined(service), case) == {last}

    # Also when the noted end of the trail was moved back with it.
    before = "SELECT leaf_hash FROM audit_entry WHERE stream = ? AND seq = ?"
    (hashed,) = rows.one(before, [case, last - 1])
    rows.execute("UPDATE audit_head SET seq = ?, hash = ? WHERE stream = ?", [last - 1, hashed, case])
    assert any("is gone" in broken.what for broken in examined(service).breaks)


def insert_copy(rows: Rows, case: str, *, place: int | None) -> int:
    """Add an entry that continues a trail perfectly, but that nobody signed."""
    last = length_of(rows, case)
    of = "SELECT body, leaf_hash, ts, event FROM audit_entry WHERE stream = ? AND seq = ?"
    body, hashed, ts, event = rows.one(of, [case, last])
    (previous,) = rows.execute("SELECT leaf_hash FROM audit_entry WHERE stream = ? AND seq = ?", [case, last - 1]).one()
    forged = body.replace(f'"seq":{last}'.encode(), f'"seq":{last + 1}'.encode()).replace(
        previous.encode(), hashed.encode()
    )
    old = json.loads(body)["id"].encode()
    new = b"0" * 8 + old[8:]
    forged = forged.replace(old, new)
    values = [new.decode().replace("-", ""), case, last + 1, leaf_hash(forged), forged, ts, event, place]
    rows.execute(
        "INSERT INTO audit_entry (id, stream, seq, leaf_hash, body, ts, event, leaf_index) VALUES (?,?,?,?,?,?,?,?)",
        values,
    )
    rows.execute("UPDATE audit_head SET seq = ?, hash = ? WHERE stream = ?", [last + 1, leaf_hash(forged), case])
    return last + 1


def test_an_inserted_entry_that_continues_its_trail_is_found(service: Service, rows: Rows, case: str) -> None:
    size = examined(service).size
    insert_copy(rows, case, place=size + 1)

    found = examined(service)

    assert not found.verified
    assert any("last signed checkpoint" in broken.what for broken in found.breaks)


def test_an_inserted_entry_in_a_place_that_is_taken_is_named(service: Service, rows: Rows, case: str) -> None:
    seq = insert_copy(rows, case, place=-1)

    assert seq in told(examined(service), case)


@pytest.mark.only_on("sqlite")
def test_an_inserted_entry_without_a_place_is_named_however_much_is_written_after_it(
    service: Service, rows: Rows, case: str
) -> None:
    seq = insert_copy(rows, case, place=None)

    for _ in range(2):
        [broken] = examined(service).breaks
        assert (broken.stream, broken.seq) == (case, seq)
        assert "never put into the log" in broken.what
        opened_case(service)


@pytest.mark.parametrize("column", ["seq", "leaf_index", "body"])
def test_swapped_entries_are_named(service: Service, rows: Rows, case: str, column: str) -> None:
    of = f"SELECT {column} FROM audit_entry WHERE stream = ? AND seq = ?"  # noqa: S608 -- the test's own words
    ids = [rows.one("SELECT id FROM audit_entry WHERE stream = ? AND seq = ?", [case, seq])[0] for seq in (2, 4)]
    first, second = (rows.one(of, [case, seq])[0] for seq in (2, 4))
    spare = b"" if column == "body" else 10**6
    for value, row in ((spare, ids[0]), (first, ids[1]), (second, ids[0])):
        rows.execute(f"UPDATE audit_entry SET {column} = ? WHERE id = ?", [value, row])  # noqa: S608 -- the test's own words

    found = examined(service)

    assert not found.verified
    assert {2, 4} & told(found, case)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "case:listed"),
        ("event", "no:event"),
        ("ts", "2026-01-01 00:00:00.000000"),
        ("id", "0" * 32),
        ("leaf_hash", "0" * 64),
        ("stream", "another"),
        ("seq", 30),
    ],
)
def test_a_column_that_says_something_else_than_its_entry_is_found(
    service: Service, rows: Rows, case: str, column: str, value: object
) -> None:
    rows.execute(f"UPDATE audit_entry SET {column} = ? WHERE stream = ? AND seq = 3", [value, case])  # noqa: S608 -- the test's own words

    found = examined(service)

    assert not found.verified
    assert 3 in told(found, case)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("column", "value"), [("ts", "never"), ("id", "nobody"), ("seq", "three"), ("body", "text instead of bytes")]
)
def test_a_column_of_another_type_is_found(service: Service, rows: Rows, case: str, column: str, value: str) -> None:
    rows.execute(f"UPDATE audit_entry SET {column} = ? WHERE stream = ? AND seq = 3", [value, case])  # noqa: S608 -- the test's own words

    found = examined(service)

    assert not found.verified
    assert 3 in told(found, case)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_node SET hash = '00000000000000000000000000000000' WHERE level = 0 AND idx = 5",
        "UPDATE audit_node SET hash = '00000000000000000000000000000000' WHERE level = 2 AND idx = 1",
        "DELETE FROM audit_node WHERE level = 1 AND idx = 3",
        "INSERT INTO audit_node VALUES (3, 1000000, '00000000000000000000000000000000')",
        f"UPDATE audit_checkpoint SET note = replace(note, 'nrm', 'mrn') WHERE size = {SMALLEST}",  # noqa: S608 -- the test's own words
        f"UPDATE audit_checkpoint SET size = size + 1 WHERE size = {SMALLEST}",  # noqa: S608 -- the test's own words
        "DELETE FROM audit_checkpoint WHERE size = (SELECT max(size) FROM audit_checkpoint)",
        "UPDATE audit_head SET hash = 'nothing' WHERE stream = 'sys'",
        "DELETE FROM audit_head WHERE stream = 'sys'",
    ],
)
def test_what_is_kept_beside_the_entries_is_not_believed(service: Service, rows: Rows, statement: str) -> None:
    rows.execute(statement)

    assert not examined(service).verified


def cut_the_log(rows: Rows, size: int) -> None:
    """Take the newest entries away so carefully that what is left is a perfect log."""
    rows.execute("DELETE FROM audit_entry WHERE leaf_index >= ? OR leaf_index IS NULL", [size])
    rows.execute("DELETE FROM audit_node WHERE ((idx + 1) << level) > ?", [size])
    rows.execute("DELETE FROM audit_checkpoint WHERE size > ?", [size])
    rows.execute("DELETE FROM audit_head")
    rows.execute(
        "INSERT INTO audit_head SELECT stream, seq, leaf_hash FROM audit_entry AS one WHERE seq = "
        "(SELECT max(seq) FROM audit_entry AS other WHERE other.stream = one.stream)"
    )


def older_size(rows: Rows) -> int:
    """Give the size of a log that was signed before the newest ones."""
    return int(rows.one("SELECT size FROM audit_checkpoint ORDER BY size DESC LIMIT 1 OFFSET 1")[0])


def test_a_cut_log_is_found_by_what_the_signer_remembers(service: Service, rows: Rows) -> None:
    size = older_size(rows)
    cut_the_log(rows, size)

    found = examined(service)

    assert any("the signer says" in broken.what and broken.place == size for broken in found.breaks)


def test_a_cut_log_is_found_by_a_checkpoint_from_outside(service: Service, rows: Rows) -> None:
    outside = newest_checkpoint(auditor(service)).note
    size = older_size(rows)
    cut_the_log(rows, size)
    service.sealer.signer().memory.unlink()
    assert all("outside" not in broken.what for broken in examined(service).breaks)
    cut_the_log(rows, size)
    service.sealer.signer().memory.unlink(missing_ok=True)

    found = verify_log(auditor(service), outside)

    assert any("the checkpoint from outside says" in one.what and one.place == size for one in found.breaks)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE referral SET version = version + 1 WHERE id = (SELECT id FROM referral ORDER BY id LIMIT 1)",
            "has version",
        ),
        ("UPDATE cases SET version = version + 1 WHERE id = (SELECT id FROM cases ORDER BY id LIMIT 1)", "has version"),
        (
            "UPDATE case_decision SET version = 9 WHERE id = (SELECT id FROM case_decision ORDER BY id LIMIT 1)",
            "has version 9",
        ),
        ("DELETE FROM signal WHERE id = (SELECT id FROM signal ORDER BY id LIMIT 1)", "is gone"),
        (A_TWIN, "no entry speaks"),
    ],
)
def test_a_row_that_was_changed_without_an_entry_is_named(
    service: Service, rows: Rows, statement: str, named: str
) -> None:
    rows.execute(statement)

    [broken] = examined(service).breaks

    assert named in broken.what


def test_every_table_is_compared_or_says_nothing_about_a_case() -> None:
    compared = {str(one.table.__tablename__) for one in AUDITED.values()}

    assert compared | BOOKKEEPING | NAMED_BY_OTHERS == METADATA.tables.keys()
    assert not compared & (BOOKKEEPING | NAMED_BY_OTHERS)
