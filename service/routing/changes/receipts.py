"""A receipt says of a decision on what it was made and what came out, so that years later it can be made again.

Everything in it but the day is a hash or a version: of what was told and of the decision in their canonical byte form
(RFC 8785), of the files that decide, and of the code that reads them.
"""

import hashlib
import platform
import zoneinfo
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from service.kernel.canonical_json import digest
from service.kernel.errors import DomainError
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.routing.rule_set import RuleSet

_SERVICE: Final = Path(__file__).parents[2]
_ROUTING: Final = _SERVICE / "routing"
_BESIDE: Final = (_SERVICE / "kernel" / "clock.py",)
"""Code outside that decides with it: on which day in the Netherlands something happened."""
_LOOK_ON: Final = frozenset({"changes", "explanation", "interchange", "proofs"})
"""Folders whose code looks at rules and decisions and makes none."""
_SHORT: Final = 16


class Part(StrEnum):
    """What a decision made again may differ in."""

    FACTS = "facts"
    RULES = "rules"
    ENGINE = "engine"
    OUTCOME = "outcome"
    DAY = "day"
    UNEXPLAINED = "unexplained"
    """It comes out otherwise though everything that the receipt names is as it was."""


@dataclass(frozen=True)
class Receipt:
    """On what a decision was made and what came out.

    Attributes:
        facts: hash of what was told.
        rules: name of the rule set, which is the country and the hash of the files that decide.
        engine: version of the code that decides.
        outcome: hash of the decision.
        on: the day on which it was decided, as ISO 8601; None in receipts of before days were kept.
    """

    facts: str
    rules: str
    engine: str
    outcome: str
    on: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """Give the receipt as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Replayed:
    """A decision made again.

    Attributes:
        reproduced: whether it came out byte for byte.
        differs: what is not as the receipt says; a newer engine may well come to the same.
    """

    reproduced: bool
    differs: tuple[Part, ...]

    @property
    def holds(self) -> bool:
        """Whether the decision is what it was: made again to the byte, out of what was kept unchanged."""
        return self.reproduced and set(self.differs) <= {Part.ENGINE}


@dataclass(frozen=True)
class Found:
    """What is kept of a decision today.

    Attributes:
        given: what was told; None when that cannot be read any more.
        content: the decision as JSON; None when that cannot be read any more.
    """

    given: Mapping[str, object] | None
    content: Mapping[str, object] | None


def receipt(given: Mapping[str, object], content: Mapping[str, object], rules: str, on: date) -> Receipt:
    """Give the receipt of a decision that was made just now.

    Args:
        given: what was told.
        content: the decision as JSON.
        rules: the name of the rule set that decided.
        on: the day on which it decided.
    """
    return Receipt(digest(given), rules, engine_version(), digest(content), on.isoformat())


def replayed(kept: Receipt, on: date, found: Found, rules: RuleSet | None) -> Replayed:
    """Make a decision again and compare.

    Args:
        kept: its receipt.
        on: the day on which it was made, as its row says.
        found: what is kept of it today.
        rules: the rule set that the receipt names, out of the files that are kept today; None when there is none.
    """
    differs = []
    if found.given is None or digest(found.given) != kept.facts:
        differs.append(Part.FACTS)
    if rules is None or rules.name != kept.rules:
        differs.append(Part.RULES)
    if engine_version() != kept.engine:
        differs.append(Part.ENGINE)
    if found.content is None or digest(found.content) != kept.outcome:
        differs.append(Part.OUTCOME)
    day = on if kept.on is None else date.fromisoformat(kept.on)
    if day != on:
        differs.append(Part.DAY)
    return Replayed(_again(found, rules, day) == kept.outcome, tuple(differs))


def _again(found: Found, rules: RuleSet | None, on: date) -> str | None:
    """Give the hash of the decision as it is made today, None when it cannot be made."""
    if found.given is None or rules is None:
        return None
    try:
        return digest(decide(rules, answers_from(found.given, rules.vocabulary), on).as_json())
    except DomainError:
        return None


@cache
def engine_version() -> str:
    """Give the version of the code that decides: a hash of its source, and the versions of all that it leans on.

    That is Python, the reader of the rule files, the holidays and the time zones. The hash changes with every letter of
    the source, so that nothing depends on somebody counting up a number.
    """
    source = hashlib.sha256()
    deciding = [path for path in _ROUTING.rglob("*.py") if path.relative_to(_ROUTING).parts[0] not in _LOOK_ON]
    for path in sorted((*deciding, *_BESIDE)):
        source.update(path.relative_to(_SERVICE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    leans_on = {
        "holidays": _version_of("holidays"),
        "pyyaml": _version_of("PyYAML"),
        "tzdata": _version_of_time_zones(),
        "python": ".".join(platform.python_version_tuple()[:2]),
    }
    beside = "".join(f".{name}-{found}" for name, found in leans_on.items())
    return f"nrm-{_version_of('nrm')}+{source.hexdigest()[:_SHORT]}{beside}"


def _version_of_time_zones() -> str:
    """Give the version of the time zones of this machine, which come before those of the package."""
    for folder in zoneinfo.TZPATH:
        source = Path(folder, "tzdata.zi")
        if source.is_file():
            with source.open(encoding="utf-8") as lines:
                return lines.readline().rpartition(" ")[2].strip()
    return _version_of("tzdata")


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
