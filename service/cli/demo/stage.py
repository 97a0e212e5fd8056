"""Where a rehearsal takes place: a folder, a database, a service and partners' systems that nobody else uses."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from service.access.roles import Role, caller
from service.casework.access.grant_access import grant_access
from service.cli.demo.caller import HttpCaller, RefusedHere
from service.cli.demo.cast import SYSTEMS, WITNESS
from service.cli.demo.processes import Processes, answers, fetched, free_port, wait_for
from service.cli.newest_shape import upgrade
from service.cli.partners import fill_directory
from service.kernel.owner_only import own_folder, put_in_place
from service.settings import Settings, environment_with
from service.wiring import Service, open_service

DESK: Final = "example-desk"
"""The organisation of the coordinator and the auditor."""

_LIFETIME: Final = timedelta(hours=8)
_SERVICE: Final = "serve"


@dataclass(frozen=True)
class Verified:
    """What an auditor's command said.

    Attributes:
        typed: the command as it is typed.
        said: what it printed.
        holds: whether everything holds.
    """

    typed: str
    said: str
    holds: bool


class Stage:
    """A service and its partners; the coordinator and the auditor reach it over HTTP only."""

    ROLES: ClassVar = (Role.COORDINATOR, Role.AUDITOR)

    def __init__(self, folder: Path, starts_at: datetime, processes: Processes) -> None:
        """Prepare a place; what an earlier rehearsal left there is gone.

        Args:
            folder: where everything is kept.
            starts_at: business time at the beginning.
            processes: where programs run.
        """
        shutil.rmtree(folder, ignore_errors=True)
        own_folder(folder)
        self.folder = folder
        self.partners = {partner: free_port() for partner in SYSTEMS}
        self._processes = processes
        # Nothing that is set for the service in earnest reaches the rehearsal: no variable begins like this.
        self._settings = Settings(
            _env_prefix="NRM_OF_NO_REHEARSAL_",
            home=folder,
            rules=Settings().rules,
            port=free_port(),
            clock_starts_at=starts_at,
            allow_loopback=True,
        )

    @property
    def url(self) -> str:
        """Where the service listens."""
        return self._settings.public_address

    def build(self) -> int:
        """Make the database, fill the directory and give out tokens; say how many partners there are."""
        upgrade(self._settings.database_address)
        service = open_service(self._settings)
        listed = fill_directory(service, None).registered
        for role in self.ROLES:
            self._give_token(service, role, DESK, role.value)
        for partner in self.partners:
            self._give_token(service, Role.PARTNER, partner, partner)
        service.close()
        return listed

    def open(self) -> None:
        """Start the service, and let every partner register its system, start it and have it prove whose it is.

        Raises:
            RefusedHere: a system does not answer what we signed, or takes what we did not.
        """
        self._start_service()
        proofs = [self._register(partner, port) for partner, port in self.partners.items()]
        for (partner, port), proof in zip(self.partners.items(), proofs, strict=True):
            wait_for(partial(answers, f"http://127.0.0.1:{port}/status"), f"the system of {partner} answers")
            if not self.caller(partner).post(proof)["verified"]:
                raise RefusedHere(f"the system of {partner} did not prove whose it is")

    def move_clock(self, to: datetime) -> None:
        """Let the service go on at another instant: it is stopped, and started with another beginning of its time.

        Args:
            to: business time from which it goes on.
        """
        self._processes.stop(_SERVICE)
        self._settings = self._settings.model_copy(update={"clock_starts_at": to})
        self._start_service()

    def caller(self, name: str) -> HttpCaller:
        """Give a role at the desk, or a partner, a connection to the service."""
        return HttpCaller(self.url, self.token_file(name).read_text(encoding="utf-8").strip())

    def token_file(self, name: str) -> Path:
        """Give the file with the token of a role or a partner."""
        return self.folder / f"{name}.token"

    def verify(self) -> Verified:
        """Examine the whole log with the command that an auditor has, against what a partner has kept."""
        words = ["audit", "verify"]
        promised = fetched(f"http://127.0.0.1:{self.partners[WITNESS]}/checkpoint")
        if promised is not None:
            kept = self.folder / f"{WITNESS}.checkpoint"
            kept.write_bytes(promised)
            words += ["--checkpoint", str(kept)]
        done = subprocess.run(
            [sys.executable, "-m", "service", *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return Verified(f"nrm {' '.join(words)}", (done.stdout + done.stderr).strip(), done.returncode == 0)

    def _register(self, partner: str, port: int) -> str:
        """Register a partner's system and start it with the secret; give the address at which it can prove itself."""
        registered = self.caller(partner).post("/v1/webhook-endpoints", {"url": f"http://127.0.0.1:{port}/"})
        put_in_place(self.folder / f"{partner}.secret", registered["secret"])
        self._processes.start(partner, "service.receiver", self._receiver(partner, port), self._environment())
        return f"/v1/webhook-endpoints/{registered['id']}/verifications"

    def _start_service(self) -> None:
        self._processes.start(_SERVICE, "service", ["serve"], self._environment())
        wait_for(partial(answers, f"{self.url}/health"), "the service answers")

    def _environment(self) -> Mapping[str, str]:
        return environment_with(self._settings)

    def _give_token(self, service: Service, role: Role, org: str, name: str) -> None:
        who = caller(f"rehearsal-{role.value}", role, org)
        put_in_place(self.token_file(name), grant_access(service.operator(), service.issuer(), who, _LIFETIME))

    def _receiver(self, partner: str, port: int) -> list[str]:
        manner = SYSTEMS[partner]
        return [
            *("--port", str(port), "--inbox", str(self.folder / partner)),
            *("--secret-file", str(self.folder / f"{partner}.secret")),
            *("--token-file", str(self.token_file(partner))),
            *("--answer", manner.answer.value, "--away", str(manner.away)),
        ]
