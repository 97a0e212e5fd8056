"""The disk has a signal before the caller hears of it: the order of the system's own calls shows it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from service.cli.partners import fill_directory
from service.kernel.ids import new_key
from service.settings import Settings
from service.wiring import open_service
from tests.factories import bearer, told_over_http
from tests.scenarios.world import World
from tests.waiting import until

SIGNALS = 100
CALLS = "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"
MISSING = "This test watches system calls with strace: sudo apt-get install strace"

WRITTEN = re.compile(r"(?:pwrite64|write)\(\d+<[^>]*nrm\.sqlite3-wal>")
SYNCED = re.compile(r"f(?:data)?sync\(\d+<[^>]*nrm\.sqlite3-wal>\)")
ANSWERED = re.compile(r"(?:write|writev|sendto|sendmsg)\(\d+<[^>]*>.*HTTP/1\.1 201")


@pytest.mark.long
@pytest.mark.only_on("sqlite")
def test_each_of_a_hundred_signals_is_on_the_disk_before_it_is_answered(home: Path, database_url: str) -> None:
    strace = shutil.which("strace")
    assert strace, MISSING
    joined = open_service(Settings(home=home, database_url=database_url))
    fill_directory(joined, None)
    world = World(home, {"coordinator": bearer(joined)}, database_url=database_url)
    joined.close()
    calls = home / "calls"
    # With -D the service is our own child and strace the watcher beside it, so that SIGTERM reaches the service.
    watched = [
        strace,
        "-D",
        "-f",
        "-qq",
        "-y",
        "-s",
        "24",
        "-e",
        CALLS,
        "-o",
        str(calls),
        sys.executable,
        "-m",
        "service",
    ]
    process = subprocess.Popen([*watched, "serve"], env=world.environment(), stdin=subprocess.DEVNULL)
    try:
        until(lambda: world.get("/health", "coordinator"), "the service answers")
        for _ in range(SIGNALS):
            body = {"submissionKey": new_key("watched-")[:40], "facts": told_over_http()}
            answer = world.post("/signals", "coordinator", body)
            assert answer is not None
            assert answer.status_code == httpx.codes.CREATED
    finally:
        process.terminate()
        process.wait(30)

    def in_order() -> int | None:
        answers, found = answers_in_order(calls.read_text(encoding="utf-8", errors="replace"))
        return found if answers == SIGNALS else None

    assert until(in_order, "every answer stands in the record") == SIGNALS


def answers_in_order(calls: str) -> tuple[int, int]:
    """Count the answers, and those before which something was written and all that was written had been synced."""
    answers = in_order = 0
    written, synced = False, False
    for line in calls.splitlines():
        if WRITTEN.search(line):
            written, synced = True, False
        elif SYNCED.search(line):
            synced = True
        elif ANSWERED.search(line):
            answers += 1
            in_order += written and synced
            written = synced = False
    return answers, in_order
