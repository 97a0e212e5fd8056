"""What a decision says: the proposal, who is told, what is due, what a person must do, what to ask, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from service.routing.engine.compiled import Finding, Value
from service.routing.engine.table import Row

Json = dict[str, object]

# The parts of a decision that an answer can change, in the order in which they are told.
PARTS: Final = ("reflection_period", "shelter", "region", "notifications", "tracks", "deadlines", "tasks")


def written_instant(instant: datetime | None) -> str | None:
    """Write an instant in UTC with a Z (RFC 3339), None for none."""
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _written_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@dataclass(frozen=True, slots=True)
class ReflectionPeriod:
    """Where the reflection period stands."""

    status: str
    length: str | None
    reason: str | None
    starts: date | None
    ends: date | None
    rule: str

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {
            "status": self.status,
            "length": self.length,
            "reason": self.reason,
            "starts": _written_day(self.starts),
            "ends": _written_day(self.ends),
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Shelter:
    """The proposed shelter, the place until then, and who places."""

    type: str
    next: str | None
    interim: str | None
    placed_by: str | None
    rule: str
    interim_rule: str | None

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {
            "type": self.type,
            "next": self.next,
            "interim": self.interim,
            "placed_by": self.placed_by,
            "rule": self.rule,
            "interim_rule": self.interim_rule,
        }


@dataclass(frozen=True, slots=True)
class Region:
    """The municipality that counts and who coordinates care there; `fallback` when CoMensha steps in."""

    municipality: str | None
    central_municipality: str | None
    police_unit: str | None
    care_coordinator: str
    fallback: bool
    rules: tuple[str, ...]

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {
            "municipality": self.municipality,
            "central_municipality": self.central_municipality,
            "police_unit": self.police_unit,
            "care_coordinator": self.care_coordinator,
            "fallback": self.fallback,
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True)
class Notification:
    """Somebody who is told something, by itself or after a person confirmed it."""

    to: str
    content: str
    due: date | None
    due_at: datetime | None
    dispatch: str
    rule: str

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {
            "to": self.to,
            "content": self.content,
            "due": _written_day(self.due),
            "due_at": written_instant(self.due_at),
            "dispatch": self.dispatch,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due on a local day, and at an instant when the term names an hour.

    `anchor` names the event from which it is counted and `term` how long; they tell whoever keeps the clock how it came
    about, and are no part of what was decided.
    """

    kind: str
    due: date
    due_at: datetime | None
    rule: str
    anchor: str = field(default="", compare=False)
    term: str | None = field(default=None, compare=False)

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {
            "kind": self.kind,
            "due": self.due.isoformat(),
            "due_at": written_instant(self.due_at),
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person must do."""

    kind: str
    rule: str

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {"kind": self.kind, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that nobody knows yet, and the parts of the decision that its answer could change."""

    fact: str
    would_change: tuple[str, ...]

    def as_json(self) -> Json:
        """Give the part as JSON."""
        return {"fact": self.fact, "would_change": list(self.would_change)}


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a rule set on the facts of a day, with the questions that are open and the rows that decided."""

    on: date
    rule_set: str
    reflection_period: ReflectionPeriod
    shelter: Shelter
    region: Region
    notifications: tuple[Notification, ...]
    tracks: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    tasks: tuple[Task, ...]
    questions: tuple[Question, ...]
    findings: Mapping[str, Finding]

    @property
    def values(self) -> Mapping[str, Value]:
        """Everything that was known, derived and decided on the way, by column; every finding reads the same."""
        return next(iter(self.findings.values())).values

    def as_json(self) -> Json:
        """Give the decision in the shape in which it is stored, answered and printed."""
        return {
            "on": self.on.isoformat(),
            "rule_set": self.rule_set,
            "reflection_period": self.reflection_period.as_json(),
            "shelter": self.shelter.as_json(),
            "region": self.region.as_json(),
            "notifications": [one.as_json() for one in self.notifications],
            "tracks": list(self.tracks),
            "deadlines": [one.as_json() for one in self.deadlines],
            "tasks": [one.as_json() for one in self.tasks],
            "questions": [one.as_json() for one in self.questions],
            "trace": [line for finding in self.findings.values() for line in _trace(finding)],
        }

    def term_of(self, kind: str) -> str | None:
        """Name the parameter by which the rules count a kind of deadline; None when they set none."""
        rows = self.findings["deadlines"].rows
        return next((row.then["plus"] for row in rows if row.then["kind"] == kind and "plus" in row.then), None)

    def sources(self, rule: str) -> list[str]:
        """Give the legal sources of every row that applied under a rule, each once."""
        rows = [row for finding in self.findings.values() for row in finding.rows if row.rule == rule]
        return list(dict.fromkeys(cite for row in rows for cite in cited(row)))


def _trace(finding: Finding) -> list[Json]:
    return [
        {
            "table": finding.table.name,
            "row": row.id,
            "rule": row.rule,
            "status": str(row.status),
            "sources": cited(row),
        }
        for row in finding.rows
    ]


def cited(row: Row) -> list[str]:
    """Give the legal sources of a row as a lawyer would cite them."""
    return [source.cite if source.note is None else f"{source.cite} ({source.note})" for source in row.sources]
