"""`nrm demo`: plays cases from signal to answer to verified trail, each through the same doors as in earnest."""

import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Final

import typer
from pydantic.alias_generators import to_camel

from service.access.roles import Role
from service.cli.demo.caller import Json
from service.cli.demo.cast import CASES, SYSTEMS
from service.cli.demo.processes import processes, wait_for
from service.cli.demo.screen import SILENCE, Screen
from service.cli.demo.stage import Stage
from service.cli.words import Language
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.receiver.answering import Answer
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import Example
from service.routing.text.mistakes import meant
from service.settings import Settings

_MONDAY: Final = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
_WEDNESDAY: Final = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
_OPEN: Final = "open"
_NOT_YET_ANSWERED: Final = frozenset({"queued", "delivered", "acknowledged"})


class NoSuchExample(DomainError):
    """The rules hold no example of this name."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "no-such-example"
    title: ClassVar[str] = "The rules hold no example of this name"


def demo(
    cases: Annotated[list[str] | None, typer.Argument(help="Which examples to play; a dozen when left out.")] = None,
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running afterwards, until Ctrl-C.")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the screen.")] = Language.EN,
) -> None:
    """Play cases with real processes and invented people, in a folder of its own that starts empty."""
    began = time.monotonic()
    # Whoever ends the rehearsal ends its processes with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    home, examples, screen = Settings().home / "demo", _chosen(cases or CASES), Screen(lang)
    screen.title()
    with processes(home) as started:
        stage = Stage(home, _MONDAY, started)
        play = _Play(stage, screen)
        for number, example in enumerate(examples, start=1):
            play.case(number, len(examples), example)
        play.silence()
        holds = play.end()
        screen.end(len(examples), time.monotonic() - began)
        if keep:
            play.leave_running()
    if not holds:
        raise typer.Exit(1)


class _Play:
    """One rehearsal, act by act."""

    def __init__(self, stage: Stage, screen: Screen) -> None:
        with screen.waiting("database, service, systemen van partners", "database, service, partners' systems"):
            listed = stage.build()
            stage.open()
        screen.step(
            f"{listed} partners in de gids, van {len(SYSTEMS)} luistert een systeem; het is maandag 23 november 2026",
            f"{listed} partners in the directory, the systems of {len(SYSTEMS)} listen; it is Monday 23 November 2026",
        )
        self._stage, self._screen = stage, screen
        self._coordinator = stage.caller(Role.COORDINATOR.value)
        self._cases: dict[str, Example] = {}

    def case(self, number: int, count: int, example: Example) -> None:
        """Submit a signal, confirm what the rules propose, and see what the partners say."""
        signalled = {"submissionKey": f"rehearsal-{new_id()}", "facts": _outside(example.facts.given)}
        case_id = self._coordinator.post("/v1/signals", signalled)["caseId"]
        self._cases[case_id] = example
        decision = self._read(case_id)["decisions"][-1]
        self._screen.case(number, count, example, decision["content"])
        self._coordinator.post(f"/v1/cases/{case_id}/decisions/{decision['id']}/confirm")
        with self._screen.waiting("partners halen op en antwoorden", "partners fetch and answer"):
            case = wait_for(lambda: _settled(self._read(case_id)), "every partner has had its say")
            self._telephone(case)
        self._screen.told(self._read(case_id))

    def silence(self) -> None:
        """Move the clock, so that silence becomes somebody's task and the next partner is asked."""
        silent = [case["id"] for case in map(self._read, self._cases) if any(map(_is_silent, case["referrals"]))]
        if not silent:
            return
        self._screen.moved(_WEDNESDAY)
        with self._screen.waiting(
            "de dienst start twee dagen later opnieuw", "the service starts again, two days later"
        ):
            self._stage.move_clock(_WEDNESDAY)
            noticed = [
                wait_for(
                    partial(self._noticed, case_id), "silence has become a task, and the next partner has answered"
                )
                for case_id in silent
            ]
        for case in noticed:
            self._screen.recall(self._cases[case["id"]])
            self._screen.told(case)

    def end(self) -> bool:
        """Show what lies on the desk, and examine the log as an auditor does; say whether it holds."""
        tasks = [task for case in map(self._read, self._cases) for task in case["tasks"] if task["state"] == _OPEN]
        self._screen.desk(tasks)
        found = self._stage.verify()
        self._screen.verified(found)
        return found.holds

    def leave_running(self) -> None:
        """Say where everything is, and wait for Ctrl-C."""
        self._screen.left_running(self._stage)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()

    def _telephone(self, case: Json) -> None:
        """Reach by telephone whoever has no system: that is the task which the service put on the desk."""
        for one in case["referrals"]:
            if one["state"] == "queued":
                path = f"/v1/cases/{case['id']}/referrals/{one['id']}/hand-over"
                self._coordinator.post(path, {"answer": "accept"}, version=one["version"])

    def _noticed(self, case_id: str) -> Json | None:
        """Give the case when silence lies on the desk and whoever was asked instead has answered."""
        case = self._read(case_id)
        return _settled(case) if any(task["kind"] == SILENCE for task in case["tasks"]) else None

    def _read(self, case_id: str) -> Json:
        return self._coordinator.get(f"/v1/cases/{case_id}")


def _chosen(names: Sequence[str]) -> list[Example]:
    known = {one.id: one for one in load_rule_set(Settings().rules).examples}
    for name in names:
        if name not in known:
            raise NoSuchExample(f"the rules hold no example {name!r} ({meant(name, known)})")
    return [known[name] for name in names]


def _settled(case: Json) -> Json | None:
    """Give the case when each partner has said what it says, or is somebody's task because it listens nowhere."""
    on_a_desk = {task["referralId"] for task in case["tasks"]}
    waiting = [one for one in case["referrals"] if one["state"] in _NOT_YET_ANSWERED and one["id"] not in on_a_desk]
    return case if all(map(_is_silent, waiting)) else None


def _is_silent(referral: Json) -> bool:
    """Tell whether a partner has a referral and says nothing, as its system is told to."""
    manner = SYSTEMS.get(referral["partnerId"])
    return manner is not None and manner.answer is Answer.SILENT and referral["state"] == "delivered"


def _outside(told: object) -> Any:  # noqa: ANN401 -- JSON has any shape
    """Spell the names of facts as the API has them; values stay as they are."""
    if isinstance(told, Mapping):
        return {to_camel(name): _outside(value) for name, value in told.items()}
    return told
