"""An operator fills the directory, sees how old it is, and lets partners' systems listen, from the terminal."""

import json
from pathlib import Path

import pytest

from service.wiring import DIRECTORY
from tests.cli.terminal import typed
from tests.conftest import RULES
from tests.scenarios.test_a_secret_changes import listening


@pytest.fixture
def at_home(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    monkeypatch.setenv("NRM_ALLOW_LOOPBACK", "true")
    assert typed("partners", "seed").code == 0
    return home


def test_the_directory_is_listed_with_what_is_known_too_long(at_home: Path) -> None:
    assert at_home.is_dir()
    listed = typed("partners", "list", "--offering", "omm", "--json")
    shown = typed("partners", "show", "womens-enschede").screen

    assert len(json.loads(listed.out)["items"]) == 5
    assert "coordinator-veiligheidsregio-twente-zorg-en-veiligheidshuis" in typed("partners", "list").screen
    assert "85 of 85 known too long or without a date (!)" in typed("partners", "list", "--stale").screen
    assert "Vrouwenopvang van centrumgemeente Enschede" in shown
    assert "BWBR0027383" in shown


def test_a_file_that_does_not_fit_the_rules_changes_nothing(at_home: Path) -> None:
    file = at_home / "partners.csv"
    whole = (RULES / DIRECTORY).read_text(encoding="utf-8")
    file.write_text(whole.replace("province=Drenthe", "province=Drente").replace(",omm,", ",onm,"), encoding="utf-8")

    heard = typed("partners", "seed", str(file))

    assert heard.code == 2
    assert "no province is Drente (did you mean Drenthe?)" in heard.err
    assert "the rules know no service onm (did you mean omm?)" in heard.err
    assert typed("partners", "seed").screen == "0 registered, 0 changed, 85 unchanged\n"


def test_a_partner_is_paused_and_resumed_and_comensha_is_not(at_home: Path) -> None:
    assert at_home.is_dir()
    assert typed("partners", "pause", "coa").screen == "coa is paused\n"
    assert typed("partners", "resume", "coa").screen == "coa is active\n"
    assert typed("partners", "pause", "comensha").code == 5
    assert typed("partners", "pause", "nobody").code == 4


def test_a_system_listens_proves_itself_is_tried_and_gets_a_new_secret(at_home: Path) -> None:
    with listening(at_home) as listener:
        secret = typed("partners", "listen", "coa", "--url", listener.url).screen
        (at_home / "secret").write_text(secret)
        proved = typed("partners", "verify", "coa")
        tried = typed("partners", "try", "coa")
        rotated = typed("partners", "rotate", "coa", "--grace", "60").screen

    assert (proved.code, proved.screen.splitlines()[-1]) == (0, "The endpoint has proved whose it is.")
    assert (tried.code, tried.screen) == (0, "The system took it.\n")
    assert rotated.startswith("whsec_")
    assert rotated != secret
    (endpoint,) = json.loads(typed("partners", "endpoints", "coa", "--json").out)["items"]
    assert endpoint["state"] == "active"
    assert "active" in typed("partners", "endpoints").screen


def test_a_system_that_checks_with_a_public_key_proves_itself_and_the_key_can_be_read_again(at_home: Path) -> None:
    with listening(at_home) as listener:
        public_key = typed("partners", "listen", "coa", "--url", listener.url, "--signature", "asymmetric").screen
        (at_home / "secret").write_text(public_key)
        proved = typed("partners", "verify", "coa")

    assert public_key.startswith("whpk_")
    assert proved.code == 0
    assert public_key in typed("partners", "endpoints", "coa").screen
    rotated = typed("partners", "rotate", "coa").screen
    assert rotated.startswith("whpk_")
    assert rotated != public_key


def test_a_system_that_is_not_there_proves_nothing_and_that_is_an_exit_code(at_home: Path) -> None:
    assert at_home.is_dir()
    typed("partners", "listen", "coa", "--url", "http://127.0.0.1:9/")

    heard = typed("partners", "verify", "coa")

    assert heard.code == 1
    assert "What was signed rightly was not taken." in heard.screen
    assert typed("partners", "verify", "coa").code == 5
    assert typed("partners", "try", "coa").code == 2
