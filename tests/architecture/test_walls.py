"""Every wall between the rooms refuses the import it was built against.

A contract with a wildcard that matches nothing passes silently, so each is tried with one violation in a copy.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT

Plants = dict[str, str]

STAIRS = "Imports only go down the stairs"
INSIDE = "Inside a room: store above tables above pure files"
PURE = "The pure core never meets a framework"
TABLES = "Only its own room, use cases and the schema index see a table"
DOORS = "Doors go through use cases"
NO_HTTP = "Use cases and rooms never meet HTTP or a terminal"
SENDER = "Only wiring hands out the sender"
SETTINGS = "Only the top reads settings"
RECEIVER = "The receiver knows nothing of the service"
TERMINAL = "Only the terminal starts the receiver"
CYCLES = "No cycles between siblings anywhere"

VIOLATIONS: list[tuple[str, str, Plants]] = [
    (STAIRS, "a room imports its neighbour", {"service/signals/store.py": "import service.cases.store"}),
    (STAIRS, "the engine opens the use cases", {"service/routing/rule_files/load.py": "import service.casework.views"}),
    (STAIRS, "a use case calls a door", {"service/casework/context.py": "import service.worker"}),
    (STAIRS, "a room nobody declared", {"service/wishes/__init__.py": '"""What we wish."""'}),
    (INSIDE, "a pure file reads a row", {"service/audit/chain.py": "import service.audit.tables"}),
    (INSIDE, "a table calls its store", {"service/cases/tables.py": "import service.cases.store"}),
    (INSIDE, "a file without a step", {"service/cases/planted.py": "import json"}),
    (PURE, "the engine reads the database", {"service/routing/engine/compiled.py": "import sqlalchemy"}),
    (PURE, "a lifecycle meets the web", {"service/referrals/lifecycle.py": "import fastapi"}),
    (PURE, "an envelope posts itself", {"service/dispatch/envelope.py": "import httpx"}),
    (TABLES, "a door shows a table", {"service/api/signals.py": "import service.signals.tables"}),
    (DOORS, "the worker opens a store", {"service/worker/loop.py": "import service.dispatch.store"}),
    (DOORS, "a door writes SQL", {"service/api/cases.py": "import sqlalchemy"}),
    (NO_HTTP, "a use case answers in HTTP", {"service/casework/context.py": "import fastapi"}),
    (NO_HTTP, "a room prints", {"service/audit/store.py": "import rich"}),
    (SENDER, "a use case opens a socket", {"service/casework/context.py": "import service.dispatch.sender"}),
    (SETTINGS, "the engine reads a setting", {"service/routing/rule_files/load.py": "import service.settings"}),
    (RECEIVER, "the partner borrows our clock", {"service/receiver/inbox.py": "import service.kernel.clock"}),
    (TERMINAL, "the worker calls the partner in process", {"service/worker/loop.py": "import service.receiver.inbox"}),
    (
        CYCLES,
        "two files need each other",
        {
            "service/kernel/ids.py": "import service.kernel.clock",
            "service/kernel/clock.py": "import service.kernel.ids",
        },
    ),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Judge the imports of a copy of the project."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )


def contracts() -> dict[str, dict[str, Any]]:
    """Read every contract that pyproject.toml holds, by its name."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return {contract["name"]: contract for contract in tomllib.load(file)["tool"]["importlinter"]["contracts"]}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give the test a copy of the source that it may spoil."""
    shutil.copytree(ROOT / "service", tmp_path / "service", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    verdict = lint(copy)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert {line.removesuffix(" KEPT") for line in verdict.stdout.splitlines() if line.endswith(" KEPT")} == set(
        contracts()
    )


def test_every_contract_is_tried() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == set(contracts())


def test_every_file_on_the_lowest_step_of_a_room_is_held_to_be_pure() -> None:
    lowest = set(re.findall(r"\w+", contracts()[INSIDE]["layers"][-1]))
    pure = {source.removeprefix("service.*.") for source in contracts()[PURE]["source_modules"]}
    assert lowest - pure == set()


@pytest.mark.parametrize(
    ("contract", "plants"),
    [pytest.param(contract, plants, id=story) for contract, story, plants in VIOLATIONS],
)
def test_a_planted_violation_is_refused_by_name(copy: Path, contract: str, plants: Plants) -> None:
    for name, line in plants.items():
        file = copy / name
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    verdict = lint(copy)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert f"{contract} BROKEN" in verdict.stdout
