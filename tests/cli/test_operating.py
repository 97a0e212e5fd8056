"""An operator starts the service with a few commands, and every refusal is a sentence and an exit code."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.kernel.ids import new_id
from tests.cli.terminal import ROOT, nrm, started, typed
from tests.waiting import until


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("operating")
    done = started("migrate", environment={"NRM_HOME": str(home)})
    assert done.code == 0, done.err
    return home


@pytest.fixture
def address(migrated: Path) -> Iterator[str]:
    """Serve on a free port until the test is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "NRM_HOME": str(migrated), "NRM_PORT": str(port), "NRM_WORKER": "beside"}
    command = [sys.executable, "-m", "service", "serve"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    until(lambda: can_connect(port), "the service listens")
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    _, told = server.communicate(timeout=20)
    assert server.returncode == 0
    assert f"listening at http://127.0.0.1:{port}; Ctrl+C ends it" in told


def can_connect(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port)):
        return True


def test_migrating_fills_the_directory_and_can_be_done_again(migrated: Path) -> None:
    assert nrm(migrated, "migrate").code == 0

    listed = json.loads(nrm(migrated, "partners", "list", "--json").screen)["items"]
    assert "comensha" in {one["id"] for one in listed}
    assert nrm(migrated, "partners", "seed").screen.startswith("0 registered, 0 changed")


def test_a_token_from_the_command_line_opens_the_served_api(migrated: Path, address: str) -> None:
    whom = ("--role", "coordinator", "--org", "office-north", "--subject", "coordinator-1")
    given = started("token", *whom, environment={"NRM_HOME": str(migrated)})
    body = {"submissionKey": "a-key-of-one-signal-0001", "facts": {"indication": "yes"}}

    answer = httpx.post(
        f"{address}/v1/signals", json=body, headers={"Authorization": f"Bearer {given.screen.strip()}"}, trust_env=False
    )

    assert answer.status_code == 201
    assert "server" not in answer.headers
    examined = nrm(migrated, "audit", "verify")
    assert (examined.code, ": verified\n" in examined.screen) == (0, True), examined.screen


def test_the_secret_of_an_endpoint_is_printed_once(migrated: Path) -> None:
    made = nrm(migrated, "partners", "listen", "comensha", "--url", "https://hooks.example.org/in")

    assert made.screen.startswith("whsec_")
    assert "whsec_" not in nrm(migrated, "partners", "list", "--json").screen


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("partners", "listen", "nobody", "--url", "https://hooks.example.org/in"), 4, "no such partner"),
        (("partners", "listen", "comensha", "--url", "http://hooks.example.org/in"), 2, "https://"),
        (("token", "--role", "coordinator", "--org", "o", "--subject", "jane@example.org"), 2, "pseudonym"),
        (("token", "--role", "system", "--org", "o", "--subject", "s"), 2, "nobody"),
        (("token", "--role", "partner", "--org", "no-shelter", "--subject", "s"), 4, "nrm partners list"),
        (("token", "--role", "queen", "--org", "o", "--subject", "s"), 2, "queen"),
    ],
)
def test_a_refusal_is_a_sentence_and_an_exit_code(migrated: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = nrm(migrated, *words)

    assert (done.code, done.screen) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_command_writes_in_a_process_that_knows_only_the_tables_of_its_own_work(migrated: Path) -> None:
    shown = started("cases", "show", str(new_id()), "--org", "office-north", environment={"NRM_HOME": str(migrated)})

    assert (shown.code, shown.err.strip()) == (4, "There is no such case")


def test_a_service_on_an_old_database_says_what_to_do(tmp_path: Path) -> None:
    done = started("serve", environment={"NRM_HOME": str(tmp_path)})

    assert done.code == 8
    assert "nrm migrate" in done.err


def test_a_setting_that_is_wrong_is_named_and_not_repeated(tmp_path: Path) -> None:
    done = nrm(tmp_path, "audit", "verify", NRM_PORT="a-marker")

    assert done.code == 2
    assert "NRM_PORT" in done.err
    assert "a-marker" not in done.err


def test_a_broken_trail_is_an_exit_code_of_its_own(tmp_path: Path) -> None:
    nrm(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "nrm.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_entry_refuses_delete")
        connection.execute("DELETE FROM audit_entry WHERE seq = 2")
    connection.close()

    done = nrm(tmp_path, "audit", "verify")

    assert done.code == 1
    assert "sys, entry 2" in done.screen


def test_a_checkpoint_that_was_kept_finds_a_log_that_was_cut(tmp_path: Path) -> None:
    nrm(tmp_path, "migrate")
    kept = tmp_path / "kept"
    kept.write_text(nrm(tmp_path, "audit", "checkpoint").screen, encoding="utf-8")
    key = nrm(tmp_path, "audit", "key").screen.strip()
    assert nrm(tmp_path, "audit", "verify", "--checkpoint", str(kept), "--key", key).code == 0
    for file in tmp_path.glob("nrm.sqlite3*"):
        file.unlink()
    (tmp_path / "audit-nrm.signed").unlink()
    nrm(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "nrm.sqlite3") as connection:
        for table in ("audit_checkpoint", "audit_node", "audit_entry"):
            connection.execute(f"DROP TRIGGER {table}_refuses_delete")
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- the test's own words
        connection.execute("DELETE FROM audit_head")
    connection.close()

    done = nrm(tmp_path, "audit", "verify", "--checkpoint", str(kept))

    assert done.code == 1
    assert "the checkpoint from outside says" in done.screen


def test_a_file_that_is_no_checkpoint_is_refused_in_a_sentence(migrated: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a-marker", encoding="utf-8")

    done = nrm(migrated, "audit", "verify", "--checkpoint", str(tmp_path / "kept"))

    assert (done.code, done.screen) == (2, "")
    assert "a-marker" not in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("token", "--role", "coordinator", "--org", "office-north", "--subject", "coordinator-1"),
        ("partners", "list"),
        ("audit", "verify"),
        ("keys", "status"),
        ("signals", "show", "00000000-0000-7000-8000-000000000000", "--org", "office-north"),
        ("cases", "list", "--org", "office-north"),
        ("worker",),
    ],
)
def test_a_command_without_a_database_says_what_to_do_and_makes_none(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRM_HOME", str(tmp_path / "home"))

    for _ in range(2):
        heard = typed(*words)
        assert (heard.code, heard.out) == (8, b"")
        assert "nrm migrate" in heard.err
        assert not (tmp_path / "home").exists()


def test_the_description_needs_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRM_HOME", str(tmp_path / "home"))

    assert typed("openapi").code == 0
    assert not (tmp_path / "home").exists()


def test_what_migrating_makes_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        assert nrm(tmp_path / "home", "migrate").code == 0
    finally:
        os.umask(before)

    made = [tmp_path / "home", *(tmp_path / "home").rglob("*")]
    assert {one.name for one in made} >= {"home", "nrm.sqlite3", "keys"}
    assert [one.name for one in made if one.stat().st_mode & 0o077] == []


def test_an_address_that_leads_partners_nowhere_is_refused(tmp_path: Path) -> None:
    done = nrm(tmp_path, "serve", NRM_HOST="0.0.0.0")  # noqa: S104 -- refused here

    assert done.code == 2
    assert done.err == "NRM_PUBLIC_URL: needed when NRM_HOST is no loopback address: where partners reach it\n"


def test_the_service_does_not_start_on_rules_that_leave_somebody_out(migrated: Path, tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "routing_rules" / "nl", tmp_path / "nl"))
    table = rules / "tables" / "child.yaml"
    table.write_text(table.read_text("utf-8").replace("age: ..17}", "age: ..16}"), "utf-8")

    done = nrm(migrated, "serve", NRM_RULES=str(rules))

    assert done.code == 2
    assert "has no row for age_in_doubt = no, age = 17" in done.err
    assert "for example somebody of whom" in done.err
