"""The service, its worker and one partner's system as real processes that a test can kill and start again."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import httpx

from service.access.roles import Role
from service.cli.partners import fill_directory
from service.settings import Settings
from service.wiring import Service, open_service
from tests.factories import bearer, listen_at
from tests.waiting import PATIENCE, until

LEASE_SECONDS = 2

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here speaks TLS, and reading the public authorities for each request costs more than the request."""


PARTNER = "comensha"
"""The partner whose system the receiver is."""


_PORTS = range(10_000, 32_768)
"""Where a system takes no ports for connections that go out, so that a port stays free until its process listens."""

_given: set[int] = set()


def free_port() -> int:
    """Give a port on which nobody listens, each once."""
    while True:
        port = SystemRandom().choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


@dataclass
class World:
    """Three processes on one database, a SQLite file unless another is named.

    Each can be stopped, killed, armed to die at a point, and started again. The worker is a process of its own
    unless it is to be elsewhere; None leaves that to the service.
    """

    home: Path
    tokens: Mapping[str, Mapping[str, str]]
    service_port: int = field(default_factory=free_port)
    receiver_port: int = field(default_factory=free_port)
    database_url: str | None = None
    worker: str | None = "beside"
    lease_seconds: int = LEASE_SECONDS
    starter: tuple[str, ...] = (sys.executable, "-m", "service")
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    said_before: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.service_port}/v1"

    @property
    def receiver_url(self) -> str:
        return f"http://127.0.0.1:{self.receiver_port}/"

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'nrm.sqlite3'}"

    def start(self, name: str, *, dying_at: str | None = None) -> None:
        """Start a process and wait until it is at work."""
        self.launch(name, dying_at=dying_at)
        self.wait_until_at_work(name)

    def launch(self, name: str, *, dying_at: str | None = None) -> None:
        """Start a process and do not wait for it."""
        commands = {
            "service": ["serve"],
            "worker": ["worker"],
            "receiver": [
                *("receive", "--port", str(self.receiver_port), "--inbox", str(self.home / "inbox")),
                *("--secret-file", str(self.home / "secret"), "--token-file", str(self.home / "token")),
            ],
        }
        dying = (sys.executable, "-m", "tests.scenarios.dying", str(dying_at))
        program = self.starter if dying_at is None else dying
        with self.log(name).open("ab") as output:
            self.said_before[name] = output.tell()
            self.running[name] = subprocess.Popen(
                [*program, *commands[name]],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_at_work(self, name: str, seconds: float = PATIENCE) -> None:
        """Wait until a process that was started answers or says that it is at work."""
        if name == "service":
            until(lambda: self.get("/health", "coordinator"), "the service answers", seconds=seconds)
        else:
            log, before = self.log(name), self.said_before[name]
            until(lambda: log.stat().st_size > before, f"the {name} says that it is at work", seconds=seconds)

    def log(self, name: str) -> Path:
        """Give the file of what a process says."""
        return self.home / f"{name}.log"

    def kill(self, name: str) -> None:
        """End a process without any goodbye, as a power cut does."""
        process = self.running.pop(name)
        process.kill()
        process.wait(30)

    def stop(self, name: str) -> int:
        """Ask a process to stop, wait until it has, and give its exit code."""
        process = self.running.pop(name)
        process.terminate()
        return process.wait(30)

    def stop_all(self) -> None:
        for name in list(self.running):
            self.stop(name)

    def wait_for_death(self, name: str) -> None:
        """Wait until a process has killed itself."""
        process = self.running.pop(name)
        assert process.wait(30) == -signal.SIGKILL

    def get(self, path: str, role: str) -> httpx.Response | None:
        """Ask the service; nothing when it is away just now."""
        return self._asked("GET", path, role, None)

    def post(self, path: str, role: str, body: Mapping[str, object]) -> httpx.Response | None:
        """Tell the service something; nothing when it is away just now or dies before it answers."""
        return self._asked("POST", path, role, body)

    def receiver_counts(self) -> dict[str, int]:
        """Ask the partner's system how many messages it has at which step."""
        counts: dict[str, int] = httpx.get(self.receiver_url + "status", trust_env=False, verify=_NO_TLS).json()
        return counts

    def _asked(self, method: str, path: str, role: str, body: Mapping[str, object] | None) -> httpx.Response | None:
        try:
            return httpx.request(
                method,
                self.url + path,
                json=body,
                headers=dict(self.tokens[role]),
                timeout=30,
                trust_env=False,
                verify=_NO_TLS,
            )
        except httpx.TransportError:
            return None

    def environment(self) -> dict[str, str]:
        """Give the environment in which a command acts on this world."""
        return {**os.environ, **self._settings()}

    def _settings(self) -> dict[str, str]:
        database = {} if self.database_url is None else {"NRM_DATABASE_URL": self.database_url}
        worker = {} if self.worker is None else {"NRM_WORKER": self.worker}
        return (
            database
            | worker
            | {
                "NRM_HOME": str(self.home),
                "NRM_PORT": str(self.service_port),
                "NRM_ALLOW_LOOPBACK": "true",
                "NRM_LEASE_SECONDS": str(self.lease_seconds),
            }
        )


def prepared(
    home: Path,
    database_url: str | None = None,
    *,
    worker: str | None = "beside",
    receiver_port: int | None = None,
) -> World:
    """Fill the directory, let one partner listen, and give the world whose processes can now be started."""
    joined = open_service(Settings(home=home, database_url=database_url, allow_loopback=True))
    fill_directory(joined, None)
    tokens = {
        "coordinator": bearer(joined),
        "partner": bearer(joined, Role.PARTNER, PARTNER),
        "auditor": bearer(joined, Role.AUDITOR, "inspectorate"),
    }
    port = free_port() if receiver_port is None else receiver_port
    world = World(home, tokens, database_url=database_url, worker=worker, receiver_port=port)
    (home / "token").write_text(tokens["partner"]["Authorization"].removeprefix("Bearer "))
    let_partner_listen(joined, world)
    joined.close()
    return world


def let_partner_listen(joined: Service, world: World) -> None:
    """Register where the partner listens; doing it again lets everything that waits for it go at once."""
    with (world.home / "secret").open("a") as secrets:
        secrets.write(listen_at(joined.operator(), PARTNER, world.receiver_url).checks_with + "\n")
