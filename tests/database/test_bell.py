"""The bell rings after a commit that is kept, for those who listen for what was written, and for nobody else."""

import pytest
from sqlalchemy import update

from service.database.bell import Bell
from service.database.unit_of_work import UnauditedWrite
from service.dispatch.store import WAITING_LINES
from service.partners.tables import Partner
from service.wiring import Service
from tests.factories import opened_case


def test_only_those_who_listen_for_a_written_table_hear_it_and_only_while_they_listen() -> None:
    bell, heard = Bell(), list[str]()
    with (
        bell.heard({"lane", "line"}, lambda: heard.append("lanes")),
        bell.heard({"case"}, lambda: heard.append("cases")),
    ):
        bell.ring({"lane", "referral"})
        bell.ring({"referral"})
        bell.ring({"case", "line"})
    bell.ring({"lane", "case"})

    assert heard == ["lanes", "lanes", "cases"]


def test_an_act_that_queues_something_rings_once_it_is_kept(service: Service) -> None:
    kept = list[int]()

    def ring() -> None:
        with service.database.look() as session:
            kept.append(len(session.connection().exec_driver_sql("SELECT id FROM dispatch_lane").all()))

    with service.database.bell.heard(WAITING_LINES, ring):
        opened_case(service)

    assert len(kept) == 1
    assert kept[0] > 0


def test_an_act_that_is_not_kept_rings_nothing(service: Service) -> None:
    rung = list[str]()
    silent = update(Partner).values(name="Renamed")
    with (
        service.database.bell.heard({Partner.__tablename__}, lambda: rung.append("rung")),
        pytest.raises(UnauditedWrite),
        service.database.work() as work,
    ):
        work.session.connection().execute(silent)

    assert rung == []
