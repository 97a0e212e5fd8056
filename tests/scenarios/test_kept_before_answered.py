"""The disk has a signal before the caller hears of it: the order of the system's own calls shows it."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from service.cli.newest_shape import upgrade
from service.cli.partners import fill_directory
from service.kernel.ids import new_key
from service.settings import Settings
from service.wiring import open_service
from tests.factories import bearer, told_over_http
from tests.postgresql import database_on, programs, started
from tests.scenarios.system_calls import Call, calls_in, watched
from tests.scenarios.world import World
from tests.waiting import until

SIGNALS = 100

WRITTEN = re.compile(r"(?:pwrite64|write)\(\d+<[^>]*(?:nrm\.sqlite3-wal|/pg_wal/[0-9A-F]+)>")
SYNCED = re.compile(r"f(?:data)?sync\(\d+<[^>]*(?:nrm\.sqlite3-wal|/pg_wal/[0-9A-F]+)>\)")
ANSWERED = re.compile(r"(?:write|writev|sendto|sendmsg)\(\d+<[^>]*>.*HTTP/1\.1 201")


@pytest.mark.long
@pytest.mark.only_on("sqlite")
def test_each_of_a_hundred_signals_is_on_the_disk_before_it_is_answered(home: Path, database_url: str) -> None:
    notes = submitted(home, database_url)

    assert answers_in_order(calls_in(notes)) == (SIGNALS, SIGNALS)


@pytest.mark.long
def test_each_of_a_hundred_signals_is_on_the_server_s_disk_before_it_is_answered(home: Path) -> None:
    with started(programs(), durable=True, under=lambda folder: watched(folder / "notes")) as server:
        with database_on(server, "watched") as database:
            address = database.render_as_string(hide_password=False)
            upgrade(address)
            notes = submitted(home, address)
        calls = [*calls_in(notes), *calls_in(Path(str(server.query["host"])) / "notes")]

    assert answers_in_order(calls) == (SIGNALS, SIGNALS)


def submitted(home: Path, address: str) -> Path:
    """Submit signals one after the other to a service that is watched, and give the folder of what was noted."""
    joined = open_service(Settings(home=home, database_url=address))
    fill_directory(joined, None)
    tokens = {"coordinator": bearer(joined)}
    joined.close()
    notes = home / "notes"
    starter = (*watched(notes), sys.executable, "-m", "service")
    world = World(home, tokens, database_url=address, starter=starter)
    world.start("service")
    try:
        for _ in range(SIGNALS):
            body = {"submissionKey": new_key("watched-")[:40], "facts": told_over_http()}
            answer = world.post("/signals", "coordinator", body)
            assert answer is not None
            assert answer.status_code == httpx.codes.CREATED
    finally:
        world.stop_all()
    until(lambda: answers_in_order(calls_in(notes))[0] == SIGNALS, "every answer stands in the notes")
    return notes


def answers_in_order(calls: Sequence[Call]) -> tuple[int, int]:
    """Count the answers, and those before which something was written and whoever wrote had waited for the disk."""
    answers = sorted((call for call in calls if ANSWERED.search(call.said)), key=lambda call: call.began)
    log = [call for call in calls if WRITTEN.search(call.said) or SYNCED.search(call.said)]
    in_order, since = 0, 0.0
    for answer in answers:
        between = [call for call in log if call.began > since and call.ended <= answer.began]
        in_order += _all_waited_for(between)
        since = answer.began
    return len(answers), in_order


def _all_waited_for(log: Sequence[Call]) -> bool:
    written, synced = {}, {}
    for call in sorted(log, key=lambda call: call.ended):
        if WRITTEN.search(call.said):
            written[call.whose] = call.ended
        else:
            synced[call.whose] = call.began
    return bool(written) and all(synced.get(whose, 0.0) >= at for whose, at in written.items())
