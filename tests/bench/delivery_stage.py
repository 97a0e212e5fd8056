"""The processes among which deliveries are measured: a service or workers, and one receiver for all partners."""

import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import URL, create_engine, select, update
from sqlmodel import col

from service.cli.newest_shape import upgrade
from service.cli.partners import fill_directory
from service.dispatch.tables import Delivery, Lane
from service.kernel.ids import new_key
from service.settings import Settings
from service.wiring import Service, open_service
from tests.factories import bearer, listen_at, opened_case
from tests.postgresql import database_on
from tests.scenarios.world import free_port
from tests.waiting import until

PLACES = ("GM0153", "GM0363", "GM0599")
"""Where people are found, one after the other: each place has a care coordinator of its own."""

ASKED = (
    *("comensha", "emm", "coordinator-veiligheidsregio-twente-zorg-en-veiligheidshuis"),
    *("coordinator-hvo-querido-acm", "coordinator-pmw-humanitas"),
)
"""Who is told by itself about somebody found in one of these places."""

FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Layout:
    """Which processes share the work.

    Attributes:
        database: `sqlite` or `postgresql`.
        workers: how many workers are processes of their own; none when the worker is inside the service.
    """

    database: str
    workers: int


LAYOUTS: Mapping[str, Layout] = {
    "SQLite, inside the service": Layout("sqlite", 0),
    "SQLite, one worker": Layout("sqlite", 1),
    "SQLite, two workers": Layout("sqlite", 2),
    "PostgreSQL, one worker": Layout("postgresql", 1),
    "PostgreSQL, two workers": Layout("postgresql", 2),
}


@dataclass
class Stage:
    """A service with a filled directory, whose processes are not running yet."""

    home: Path
    address: str
    layout: Layout
    joined: Service
    desk: httpx.Client
    receiver_port: int = field(default_factory=free_port)
    service_port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def receiver_url(self) -> str:
        return f"http://127.0.0.1:{self.receiver_port}"

    def let_all_listen(self, trouble: Mapping[str, str]) -> None:
        """Register the address of every partner that is asked.

        Args:
            trouble: who is `slow` or `dead`; everybody else answers at once.
        """
        ways = {"slow": f"{self.receiver_url}/slow", "dead": f"http://127.0.0.1:{free_port()}/"}
        for partner_id in ASKED:
            way = trouble.get(partner_id)
            listen_at(self.joined.operator(), partner_id, f"{self.receiver_url}/at-once" if way is None else ways[way])

    def queue(self, messages: int) -> set[str]:
        """Open cases until so many messages wait; give their ids."""
        for place in cycle(PLACES):
            opened_case(self.joined, found_in=place)
            if len(self.messages()) >= messages:
                return set(self.messages())
        raise AssertionError

    def messages(self, without: Collection[str] = ()) -> dict[str, str]:
        """Give the case of every message, except those to some partners."""
        question = select(col(Delivery.id), col(Lane.case_id)).join(Lane, col(Lane.id) == col(Delivery.lane_id))
        with self.joined.database.look() as session:
            rows = session.connection().execute(question.where(col(Lane.partner_id).not_in(without)))
            return {row.id: str(row.case_id) for row in rows}

    def hold_back(self) -> None:
        """Let nothing be due, so that all workers can be there before the first message goes."""
        self._all_due(FOR_EVER)

    def release(self) -> None:
        """Let everything be due."""
        self._all_due(datetime(2000, 1, 1, tzinfo=UTC))

    def start(self) -> None:
        """Start the service and the workers, and wait until they are at work."""
        self._run("serve")
        until(partial(_answers, f"http://127.0.0.1:{self.service_port}/health"), "the service answers")
        for number in range(self.layout.workers):
            log = self.home / f"worker-{number}.log"
            self._run("worker", log)
            until(partial(_says_something, log), "the worker is at work")

    def submit(self, facts: Mapping[str, Any]) -> str:
        """Submit a signal over HTTP and give the id of its case."""
        body = {"submissionKey": new_key("bench-")[:40], "facts": facts}
        answer = self.desk.post(f"http://127.0.0.1:{self.service_port}/v1/signals", json=body)
        answer.raise_for_status()
        return str(answer.json()["caseId"])

    def wait_for(self, messages: Collection[str]) -> dict[str, float]:
        """Wait until messages have come, and give the instant of each."""

        def all_came() -> dict[str, float] | None:
            came: dict[str, float] = httpx.get(self.receiver_url, trust_env=False).json()
            return {one: came[one] for one in messages} if came.keys() >= set(messages) else None

        return until(all_came, "every message came", seconds=600)

    def stop(self) -> None:
        """Stop all processes but the receiver."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(60)
        self.running.clear()

    def _run(self, command: str, log: Path | None = None) -> None:
        with (log or self.home / f"{command}.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "service", command],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.running.append(process)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "NRM_HOME": str(self.home),
            "NRM_DATABASE_URL": self.address,
            "NRM_PORT": str(self.service_port),
            "NRM_ALLOW_LOOPBACK": "true",
            "NRM_WORKER": "beside" if self.layout.workers else "inside",
        }

    def _all_due(self, at: datetime) -> None:
        engine = create_engine(self.address)
        with engine.begin() as connection:
            connection.execute(update(Lane).values(next_due=at))
        engine.dispose()


@contextmanager
def on_stage(home: Path, server: URL, layout: Layout) -> Iterator[Stage]:
    """Make an empty database and a home, start the receiver, and end everything afterwards.

    Args:
        home: the folder, which is made.
        server: a PostgreSQL on which databases may be made.
        layout: which processes there are to be.
    """
    home.mkdir()
    with ExitStack() as stack:
        if layout.database == "sqlite":
            address = f"sqlite:///{home / 'nrm.sqlite3'}"
        else:
            made = stack.enter_context(database_on(server, f"nrm_bench_{os.getpid()}"))
            address = made.render_as_string(hide_password=False)
        upgrade(address)
        joined = open_service(Settings(home=home, database_url=address, allow_loopback=True))
        stack.callback(joined.close)
        fill_directory(joined, None)
        desk = stack.enter_context(httpx.Client(headers=bearer(joined), trust_env=False, timeout=30))
        stage = Stage(home, address, layout, joined, desk)
        stack.callback(stage.stop)
        catcher = subprocess.Popen([sys.executable, "-m", "tests.bench.catcher", str(stage.receiver_port)])
        stack.callback(catcher.wait, 30)
        stack.callback(catcher.terminate)
        until(partial(_answers, stage.receiver_url), "the receiver listens")
        yield stage


def _says_something(log: Path) -> bool:
    return log.stat().st_size > 0


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False
