"""What may leave, to whom and why: a fact leaves only with a line for it, for a purpose, on a ground that holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from service.routing.engine.compiled import Value
from service.routing.engine.table import Source, Status, When
from service.routing.text.entries import Words

_CONSENT: Final = "consent."


@dataclass(frozen=True)
class Process:
    """A piece of work that data is used for: its purpose, and the parameter that says how long the data is kept."""

    name: str
    purpose: Words
    sources: tuple[Source, ...]
    retention: str
    status: Status
    line: int


@dataclass(frozen=True)
class Ground:
    """Why personal data may leave at all, and of whom that is true."""

    name: str
    text: Words
    when: When
    sources: tuple[Source, ...]
    status: Status

    @property
    def consents(self) -> tuple[str, ...]:
        """The purposes to which somebody must have consented, or must not have refused."""
        return tuple(column.removeprefix(_CONSENT) for column in self.when if column.startswith(_CONSENT))

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Tell whether it is true of somebody, by what is known and was decided."""
        return all(values[column] in cell for column, cell in self.when.items())


@dataclass(frozen=True)
class Told:
    """Facts that a recipient may read for one reason; with grounds of their own, one of these must hold too."""

    names: tuple[str, ...]
    grounds: tuple[Ground, ...]
    why: Words
    status: Status


@dataclass(frozen=True)
class Line:
    """What one kind of recipient may read of one kind of content, for one purpose; any one of the grounds is enough.

    Without rules it is about whatever is sent to this recipient with this content, else only about what they send.
    """

    to: str
    content: str
    rules: tuple[str, ...]
    process: Process
    grounds: tuple[Ground, ...]
    told: tuple[Told, ...]
    file: str
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        """Every fact that it may let through."""
        return tuple(name for one in self.told for name in one.names)

    def is_about(self, to: str, content: str, rule: str) -> bool:
        """Tell whether it is the line of what a rule sends."""
        return (self.to, self.content) == (to, content) and (not self.rules or rule in self.rules)


@dataclass(frozen=True)
class Cleared:
    """Why one fact may leave: the purpose, the grounds that hold, and why this recipient needs it."""

    process: Process
    grounds: tuple[Ground, ...]
    why: Words
    status: Status


@dataclass(frozen=True)
class Disclosure:
    """Every line of a country's mechanism; what has none does not leave."""

    processes: Mapping[str, Process]
    grounds: Mapping[str, Ground]
    lines: tuple[Line, ...]

    def founded(self) -> Iterator[Process | Ground | Told]:
        """Give everything that says how well it is founded."""
        yield from self.processes.values()
        yield from self.grounds.values()
        yield from (told for line in self.lines for told in line.told)

    def names(self, to: str, content: str, rule: str) -> tuple[str, ...]:
        """Give the facts that a recipient may ever read of what a rule sends it; none without a line."""
        line = self._line(to, content, rule)
        return () if line is None else line.names

    def cleared(self, to: str, content: str, rule: str, values: Mapping[str, Value]) -> dict[str, Cleared]:
        """Give the facts that may leave now, each with the reason.

        Args:
            to: the kind of organisation that is told.
            content: the kind of content.
            rule: the rule that tells it.
            values: what is known of the person and was decided, by column.
        """
        line = self._line(to, content, rule)
        ground = None if line is None else _first_that_holds(line.grounds, values)
        if line is None or ground is None:
            return {}
        found: dict[str, Cleared] = {}
        for one in line.told:
            own = _first_that_holds(one.grounds, values)
            if own is not None or not one.grounds:
                grounds = (ground,) if own is None else (ground, own)
                found.update(dict.fromkeys(one.names, Cleared(line.process, grounds, one.why, one.status)))
        return found

    def _line(self, to: str, content: str, rule: str) -> Line | None:
        return next((line for line in self.lines if line.is_about(to, content, rule)), None)


def _first_that_holds(grounds: tuple[Ground, ...], values: Mapping[str, Value]) -> Ground | None:
    return next((one for one in grounds if one.holds(values)), None)
