"""At the terminal one sees what is due next, and starts the clocks that are not there."""

from pathlib import Path

import pytest

from service.wiring import Service
from tests.cli.terminal import typed
from tests.factories import OFFICE, opened_case


@pytest.mark.only_on("sqlite")
def test_what_is_due_is_listed_in_its_order_and_nothing_is_missing(
    service: Service, home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_case(service)
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "160")

    listed = typed("deadlines", "list", "--org", OFFICE, "--due-before", "2026-12-08", "--lang", "nl").screen
    checked = typed("deadlines", "reconcile")

    places = [listed.index(one) for one in ("risico- en behoeftenanalyse", "medisch onderzoek", "aanvraag Rvb")]
    assert places == sorted(places)
    assert "2026-12-23" not in listed
    assert checked.screen == "0 clocks started in 0 cases\n"
