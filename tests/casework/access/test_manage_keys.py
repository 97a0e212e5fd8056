"""An operator makes, looks at, replaces and destroys the keys that wrap the keys of cases."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Row, text, update

from service.access.roles import ScopeMissing
from service.casework.access.manage_keys import (
    FRESH,
    KeysExist,
    KeysKeptElsewhere,
    create_key,
    keys_status,
    retire_keys,
    rotate_keys,
)
from service.casework.cases.read_cases import read_case
from service.casework.context import Context
from service.casework.signals.receive_signal import receive_signal
from service.database.sealing.kept_keys import KeptKey
from service.database.sealing.keyring import BOXED, WRAPPED, KeysUnavailable, new_epoch, read_keyring
from service.database.sealing.keys import open_keys
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import auditor, coordinator, opened_case, partner, signal, told


class Later(FixedClock):
    """A clock by which the newest wrapping key is no longer fresh."""

    def wall(self) -> datetime:
        return super().wall() + FRESH


def operator_later(service: Service) -> Context:
    return replace(service, clock=Later()).operator()


def kept(service: Service) -> list[Row[tuple[str, str]]]:
    with service.database.look() as session:
        return list(session.connection().execute(text("SELECT epoch, form FROM data_key")).all())


def events(service: Service) -> list[str]:
    with service.database.look() as session:
        rows = session.connection().execute(text("SELECT event FROM audit_entry WHERE event LIKE 'keys:%' ORDER BY ts"))
        return list(rows.scalars())


def test_the_status_says_how_many_keys_of_cases_each_wrapping_key_wraps(service: Service) -> None:
    opened_case(service)
    opened_case(service)

    found = keys_status(service.operator())
    (epoch,) = found.epochs
    assert (found.available, epoch.newest, epoch.present, epoch.wraps) == (True, True, True, 2)
    assert found.lookup == service.keys.lookup.id


def test_after_a_rotation_everything_is_under_the_new_key_and_reads_as_before(service: Service) -> None:
    case_ids = [opened_case(service).case_id for _ in range(3)]
    before = service.keys.ring().newest.id

    done = rotate_keys(service.operator())

    assert done.rewrapped == 3
    assert done.epoch != before
    assert {(row.epoch, row.form) for row in kept(service)} == {(done.epoch, WRAPPED)}
    assert all(read_case(coordinator(service), case_id).facts == told() for case_id in case_ids)
    assert events(service) == ["keys:rotated"]


def test_a_rotation_that_was_cut_short_is_finished_by_the_next(service: Service) -> None:
    opened_case(service)
    first = rotate_keys(service.operator())
    opened_case(service)

    assert rotate_keys(service.operator()).rewrapped == 2
    assert first.epoch not in {row.epoch for row in kept(service)}


def test_a_key_is_destroyed_when_nothing_needs_it_and_no_process_can_still_hold_it(service: Service) -> None:
    case_id = opened_case(service).case_id
    old = service.keys.ring().newest.id
    new = rotate_keys(service.operator()).epoch

    assert retire_keys(service.operator()).retired == ()
    done = retire_keys(operator_later(service))

    assert (done.retired, done.kept) == ((old,), (new,))
    assert [epoch.id for epoch in service.keys.ring().epochs] == [new]
    assert read_case(coordinator(service), case_id).facts == told()
    assert events(service) == ["keys:rotated", "keys:retired"]


def test_a_key_that_still_wraps_something_is_not_destroyed(service: Service) -> None:
    opened_case(service)
    old = service.keys.ring().newest.id
    rotate_keys(service.operator())
    with service.database.writer.begin() as connection:
        connection.execute(update(KeptKey).values(epoch=old))

    assert retire_keys(operator_later(service)).retired == ()
    assert old in {epoch.id for epoch in service.keys.ring().epochs}


def test_an_old_copy_of_a_kept_key_opens_nothing_once_its_wrapping_key_is_destroyed(service: Service) -> None:
    case_id = opened_case(service).case_id
    with service.database.look() as session:
        epoch, content = session.connection().execute(text("SELECT epoch, content FROM data_key")).one()
    rotate_keys(service.operator())
    retire_keys(operator_later(service))
    with service.database.writer.begin() as connection:
        connection.execute(update(KeptKey).values(epoch=epoch, content=content))

    with pytest.raises(KeysUnavailable):
        read_case(coordinator(service), case_id)


def test_what_was_kept_while_the_keys_were_away_is_taken_over_by_a_rotation(service: Service, home: Path) -> None:
    away = home / "keys" / "taken-away"
    service.keys.warm()
    (home / "keys" / "keyring").rename(away)
    service.keys.forget()
    case_id = receive_signal(coordinator(service), signal()).case_id
    assert {row.form for row in kept(service)} == {BOXED}
    assert not keys_status(service.operator()).available
    with pytest.raises(KeysUnavailable):
        rotate_keys(service.operator())
    away.rename(home / "keys" / "keyring")

    rotate_keys(service.operator())

    assert {row.form for row in kept(service)} == {WRAPPED}
    assert read_case(coordinator(service), case_id).facts == told()


def test_a_wrapping_key_that_is_missing_is_named_by_the_status(service: Service) -> None:
    opened_case(service)
    missing = service.keys.ring().newest.id
    elsewhere = replace(service, keys=open_keys(Path("/nowhere"), given=new_epoch().as_line(), lookup=lookup(service)))

    found = keys_status(elsewhere.operator())
    assert [(one.id, one.present, one.wraps) for one in found.epochs if one.wraps] == [(missing, False, 1)]


def test_the_first_key_is_made_once(service: Service, tmp_path: Path) -> None:
    fresh = replace(service, keys=open_keys(tmp_path / "fresh"))
    create_key(fresh.operator())
    made = fresh.keys.ring().newest.id

    with pytest.raises(KeysExist):
        create_key(fresh.operator())
    assert fresh.keys.ring().newest.id == made
    assert events(service) == ["keys:created"]


def test_keys_that_are_kept_elsewhere_are_changed_there(service: Service) -> None:
    opened_case(service)
    known = service.keys.ring().as_text()
    line = create_key(replace(service, keys=open_keys(Path("/nowhere"), given=known)).operator())
    assert line is not None
    elsewhere = replace(service, keys=open_keys(Path("/nowhere"), given=known + line, lookup=lookup(service)))

    done = rotate_keys(elsewhere.operator())

    assert (done.epoch, done.rewrapped) == (read_keyring(line).newest.id, 1)
    with pytest.raises(KeysKeptElsewhere):
        retire_keys(elsewhere.operator())


def test_nobody_but_an_administrator_touches_the_keys(service: Service) -> None:
    for stranger in (coordinator(service), partner(service, "comensha"), auditor(service)):
        for act in (create_key, keys_status, rotate_keys, retire_keys):
            with pytest.raises(ScopeMissing):
                act(stranger)


def lookup(service: Service) -> str:
    return service.keys.lookup.as_text()
