"""What the README says exists: files, settings, commands, addresses of the API, and a line for every dependency."""

import json
import re
import shlex
from collections.abc import Iterator

from typer._click import Command
from typer.core import TyperGroup

from service.cli.listing import Listed
from service.cli.main import app
from service.settings import Provider, Settings
from tests.architecture.source import ROOT
from tests.architecture.test_lock import PROJECT, normalised

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"^```python\n.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE)
MADE_WHEN_RUNNING = {"var/", "keys/keyring", "keys/lookup.key", "keys/intake.pub"}


def in_backticks() -> Iterator[str]:
    return (found[1] for found in re.finditer(r"`([^`\n]+)`", PROSE))


def test_every_file_that_is_named_is_there() -> None:
    named = {
        word for word in in_backticks() if re.fullmatch(r"[a-z][\w.-]*/[\w./-]*|[\w-]+\.(?:md|toml|lock|yml)", word)
    }
    named |= set(re.findall(r"\]\(([\w./-]+)\)", README))
    bases = (ROOT, ROOT / "service", ROOT / "service" / "routing")
    missing = {word for word in named - MADE_WHEN_RUNNING if not any((base / word).exists() for base in bases)}
    assert len(named) > 20
    assert missing == set()


def test_every_setting_is_explained_and_nothing_else() -> None:
    table = "\n".join(re.findall(r"^\| (`NRM_[^|]+)\|", README, re.MULTILINE))
    provider = {f"__{name.upper()}" for name in Provider.model_fields}
    known = {f"NRM_{name.upper()}" for name in Settings.model_fields} - {"NRM_PROVIDER"}
    told = set(re.findall(r"`((?:NRM)?_\w+)`", table.replace("NRM_PROVIDER__", "__")))
    assert told == known | provider


def test_every_command_that_is_shown_can_be_typed() -> None:
    shown = re.findall(r"(?:^|&& )nrm ([^#&\n]+)", README, re.MULTILINE)
    assert len(shown) > 10
    for line in shown:
        words = shlex.split(line)
        command: Command = app
        while words and isinstance(command, TyperGroup):
            found = command.commands[words.pop(0)]
            command = found.command() if isinstance(found, Listed) else found
        flags = {option for one in command.params for option in one.opts}
        assert {word for word in words if word.startswith("--")} <= flags, line


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)\b(?= |`|\n)", "\n".join([*in_backticks(), *shell_lines()]))) <= set(targets)


def test_every_address_of_the_api_that_is_named_is_there() -> None:
    described = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    named = re.findall(r"`(GET|POST|PATCH|PUT|DELETE) (/v1/[^ `]+)`", PROSE)
    assert len(named) > 5
    assert [path for method, path in named if method.lower() not in described.get(path.removeprefix("/v1"), {})] == []


def test_every_dependency_has_its_reason() -> None:
    reasons = normalised(README.partition("\nDependencies")[2])
    wanted = {normalised(re.split(r"[\[<>=!~ ;]", one)[0]) for one in PROJECT["dependencies"]}
    assert {name for name in wanted if name not in reasons} == set()


def shell_lines() -> list[str]:
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
        for line in block.split("\n")
    ]
