"""A receipt names everything that decides, also what lies beside the rules and beneath the engine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.routing.changes import receipts
from service.routing.changes.receipts import engine_version


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    engine_version.cache_clear()
    yield
    engine_version.cache_clear()


def test_the_version_names_all_that_the_engine_leans_on() -> None:
    assert re.fullmatch(
        r"nrm-[0-9.]+\+[0-9a-f]{16}\.holidays-[0-9.]+\.pyyaml-[0-9.]+\.tzdata-[0-9]{4}\w+\.python-3\.[0-9]+",
        engine_version(),
    )


def test_another_clock_is_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine_version()
    engine_version.cache_clear()
    monkeypatch.setattr(receipts, "_BESIDE", ())

    assert engine_version() != before


def test_time_zones_come_from_the_machine_and_else_from_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tzdata.zi").write_text("# version 2031c\n# more\n", "utf-8")
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path / "nowhere"), str(tmp_path)))

    assert ".tzdata-2031c." in engine_version()
