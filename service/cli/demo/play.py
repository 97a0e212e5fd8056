"""`nrm demo`: plays cases from signal to answer to verified trail, each through the same doors as in earnest."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer
from pydantic.alias_generators import to_camel

from service.access.roles import Role, caller
from service.casework.grant_access import grant_access
from service.casework.manage_partners import listen_at
from service.cli.demo.caller import HttpCaller, Json
from service.cli.demo.processes import answers, free_port, running, wait_for
from service.cli.demo.screen import Screen
from service.cli.newest_shape import upgrade
from service.cli.partners import fill_directory
from service.kernel.ids import new_id
from service.kernel.owner_only import own_folder, put_in_place
from service.routing.rule_set import Example
from service.settings import Settings, environment_with
from service.wiring import Service, open_service

CASES: Final = ("G01", "G10", "G12")
"""Found by the police in the reflection period; a Dutch woman who consents; a child from outside the EU."""

_STARTS_AT: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_LIFETIME: Final = timedelta(hours=1)
# The partners whose systems take part; the others show what happens when nobody listens.
_TWENTE: Final = "coordinator-veiligheidsregio-twente-zorg-en-veiligheidshuis"
_PARTNERS: Final = ("comensha", "police", "nidos", "coordinator-pmw-humanitas", _TWENTE)
_ANSWERED: Final = frozenset({"accepted", "declined"})


@dataclass(frozen=True)
class Stage:
    """A service with its partners, up and running.

    Attributes:
        coordinator: the caller who enters signals.
        auditor: the caller who reads trails.
        stories: the examples that can be played, by id.
    """

    coordinator: HttpCaller
    auditor: HttpCaller
    stories: Mapping[str, Example]


def demo() -> None:
    """Play three cases with real processes and invented people, in a folder of its own that starts empty."""
    began = time.monotonic()
    screen = Screen()
    folder = Settings().home / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    own_folder(folder)
    settings = Settings(home=folder, port=free_port(), clock_starts_at=_STARTS_AT, allow_loopback=True)
    ports = {partner: free_port() for partner in _PARTNERS}
    screen.step("making the database and filling the directory of partners")
    upgrade(settings.database_address)
    service = open_service(settings)
    fill_directory(service, None)
    stage = _prepare(service, settings, ports)
    service.close()
    screen.step(f"starting the service and {len(ports)} partners' systems")
    with running(_commands(folder, ports), environment_with(settings), folder):
        wait_for(partial(answers, f"{settings.public_address}/health"), "the service answers")
        for partner, port in ports.items():
            wait_for(partial(answers, f"http://127.0.0.1:{port}/status"), f"the system of {partner} answers")
        verified = [_play(stage, screen, number, name) for number, name in enumerate(CASES, start=1)]
    screen.end(verified=all(verified), cases=len(CASES), seconds=time.monotonic() - began)
    if not all(verified):
        raise typer.Exit(1)


def _prepare(service: Service, settings: Settings, ports: Mapping[str, int]) -> Stage:
    operator, issuer = service.operator(), service.issuer()

    def token(role: Role, org: str) -> str:
        return grant_access(operator, issuer, caller(f"rehearsal-{role.value}", role, org), _LIFETIME)

    for partner, port in ports.items():
        endpoint = listen_at(operator, partner, f"http://127.0.0.1:{port}/")
        put_in_place(settings.home / f"{partner}.secret", endpoint.secret)
        put_in_place(settings.home / f"{partner}.token", token(Role.PARTNER, partner))
    url = settings.public_address
    coordinator = HttpCaller(url, token(Role.COORDINATOR, "example-desk"))
    auditor = HttpCaller(url, token(Role.AUDITOR, "example-desk"))
    return Stage(coordinator, auditor, {one.id: one for one in service.rules().examples})


def _commands(folder: Path, ports: Mapping[str, int]) -> dict[str, list[str]]:
    receivers = {
        partner: [
            "receive",
            *("--port", str(port)),
            *("--secret-file", str(folder / f"{partner}.secret")),
            *("--token-file", str(folder / f"{partner}.token")),
            *("--inbox", str(folder / partner)),
        ]
        for partner, port in ports.items()
    }
    return {"serve": ["serve"], **receivers}


def _play(stage: Stage, screen: Screen, number: int, name: str) -> bool:
    example = stage.stories[name]
    screen.story(number, len(CASES), example)
    screen.step("the coordinator submits the signal")
    receipt = stage.coordinator.post(
        "/v1/signals", {"submissionKey": f"rehearsal-{new_id()}", "facts": _outside(example.facts.given)}
    )
    case_path = f"/v1/cases/{receipt['caseId']}"
    case = stage.coordinator.get(case_path)
    decision = case["decisions"][-1]
    screen.decision(decision["content"])
    screen.step("what is automatic is on its way; the coordinator confirms the rest")
    stage.coordinator.post(f"{case_path}/decisions/{decision['id']}/confirm")
    screen.step("partners verify, fetch with their own access, and answer")
    case = wait_for(lambda: _answered(stage.coordinator.get(case_path)), "every partner that listens has answered")
    dispatches = {one["rule"]: one["dispatch"] for one in decision["content"]["notifications"]}
    screen.referrals(case, dispatches, frozenset(_PARTNERS))
    trail = stage.auditor.get(f"{case_path}/trail")
    screen.trail(trail)
    return bool(trail["verified"])


def _answered(case: Json) -> Json | None:
    asked = [one for one in case["referrals"] if one["partnerId"] in _PARTNERS]
    return case if asked and all(one["state"] in _ANSWERED for one in asked) else None


def _outside(said: object) -> Any:  # noqa: ANN401 -- JSON has any shape
    """Spell the names of facts as the API has them; values stay as they are."""
    if isinstance(said, Mapping):
        return {to_camel(name): _outside(value) for name, value in said.items()}
    return said
