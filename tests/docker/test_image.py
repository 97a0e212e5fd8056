"""The image and the arrangement of containers, as far as they can be judged by reading: nothing here builds them."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Settings
from tests.architecture.source import ROOT

FOLDER = ROOT / "docker"
SECRET = re.compile(r"pass(word)?|secret|keyring|lookup_key|token", re.IGNORECASE)


def instructions() -> list[tuple[str, str]]:
    """Read the Dockerfile as instruction and words, continued lines joined."""
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    split = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(name, words.strip()) for name, _, words in split]


def words_of(name: str) -> list[str]:
    return [words for instruction, words in instructions() if instruction == name]


ARRANGEMENT: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = ARRANGEMENT["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}


def images() -> list[str]:
    return [words.split()[0] for words in words_of("FROM")] + [one["image"] for one in SERVICES.values()]


def test_every_image_has_a_tag_that_says_which_version_it_is() -> None:
    tags = {image: image.rpartition(":")[2] for image in images() if ":" in image}
    assert sorted(tags) == sorted(set(images()))
    assert "latest" not in tags.values()


def test_the_last_stage_runs_as_nobody_in_particular_and_cannot_change_the_program() -> None:
    last = instructions()[[name for name, _ in instructions()].index("FROM", 1) :]
    users = [words for name, words in last if name == "USER"]
    assert [bool(re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)) for user in users] == [True]
    assert [words for name, words in last if name == "COPY" and "--chown" in words] == []
    assert "pip" not in " ".join(words for name, words in last if name == "RUN")


def test_everything_that_is_copied_is_there_and_let_through() -> None:
    copied = [words.split()[:-1] for words in words_of("COPY") if not words.startswith("--from")]
    let_through = {
        line[1:] for line in (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").split() if line[0] == "!"
    }
    sources = {source for some in copied for source in some}
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert sources == let_through


def test_what_is_installed_is_checked_by_its_hash() -> None:
    (install,) = [words for words in words_of("RUN") if "pip install" in words]
    assert {"--require-hashes", "--only-binary", "--no-deps"} <= set(shlex.split(install))


def test_signals_reach_the_command_and_its_health_is_asked_for() -> None:
    assert [words[0] for name in ("ENTRYPOINT", "CMD") for words in words_of(name)] == ["[", "["]
    assert "is_well.py" in words_of("HEALTHCHECK")[0]
    assert subprocess.run(["sh", "-n", FOLDER / "entrypoint.sh"], check=False).returncode == 0
    assert (FOLDER / "entrypoint.sh").stat().st_mode & 0o111


def test_there_is_a_database_two_of_each_process_a_partner_and_one_who_migrates_before() -> None:
    commands = sorted(one["command"][0] for one in OURS.values())
    assert commands == ["migrate", "receive", "serve", "serve", "worker", "worker"]
    waiting = {
        name: one["depends_on"]["migrate"]["condition"]
        for name, one in OURS.items()
        if one["command"][0] in {"serve", "worker"}
    }
    assert set(waiting.values()) == {"service_completed_successfully"}
    assert OURS["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", OURS)
def test_each_container_of_ours_can_write_to_its_own_volume_and_nowhere_else(name: str) -> None:
    one = OURS[name]
    assert (one["read_only"], one["init"], one["cap_drop"]) == (True, True, ["ALL"])
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "user", "cap_add"} & one.keys()
    mounted = [volume.partition(":") for volume in one["volumes"]]
    assert [(volume in ARRANGEMENT["volumes"], target) for volume, _, target in mounted] == [(True, "/var/lib/nrm")]
    assert set(one.get("secrets", ())) <= ARRANGEMENT["secrets"].keys()


def test_every_setting_is_one_that_the_service_reads() -> None:
    known = {f"NRM_{name.upper()}" for name in Settings.model_fields}
    said = {name for one in OURS.values() for name in one.get("environment", {}) if name.startswith("NRM_")}
    assert {name.partition("__")[0] for name in said} - known == set()
    nodes = [one["environment"]["NRM_NODE"] for one in OURS.values() if "environment" in one]
    assert len(nodes) == len(set(nodes))


def test_no_secret_is_shipped() -> None:
    said = [item for one in SERVICES.values() for item in one.get("environment", {}).items()]
    assert [
        name for name, value in said if SECRET.search(name) and value is not None and not name.endswith("_FILE")
    ] == []
    files = [FOLDER / secret["file"] for secret in ARRANGEMENT["secrets"].values()]
    tracked = subprocess.run(["git", "ls-files", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert tracked.stdout == ""
    assert {file.parent for file in files} == {FOLDER / "secrets"}
    assert "docker/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_nothing_listens_beyond_this_machine() -> None:
    ports = [str(port) for one in SERVICES.values() for port in one.get("ports", ())]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    assert {one["environment"].get("NRM_HOST") for one in OURS.values() if "environment" in one} == {None}


def test_who_serves_has_time_to_end_what_it_sends() -> None:
    grace = {int(str(one["stop_grace_period"]).removesuffix("s")) for one in OURS.values()}
    assert min(grace) > Settings().lease_seconds / 2


def test_the_script_refuses_to_start_when_a_secret_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [FOLDER / "entrypoint.sh", "openapi"],
        env={"NRM_KEYRING_FILE": str(tmp_path / "missing"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stdout == ""
    assert "missing" in done.stderr
