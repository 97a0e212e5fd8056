"""The numbers and terms of the law, each with its days of validity and its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from service.kernel.errors import DomainError, Kind
from service.routing.engine.table import Source, Status
from service.routing.facts.terms import Term
from service.routing.text.entries import Words

Amount = Term | int | str | None


class NoParameterValue(DomainError):
    """A rule asks for a parameter on a day for which the rule set gives no value."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "no-parameter-value"
    title: ClassVar[str] = "A parameter has no value on this day"


@dataclass(frozen=True)
class ParameterValue:
    """One value, valid from a day until a day, both included; an end that is left out is open."""

    valid_from: date | None
    valid_to: date | None
    value: Amount
    sources: tuple[Source, ...]
    status: Status
    line: int

    def holds_on(self, day: date) -> bool:
        """Tell whether the day lies within the value's days of validity."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Parameter:
    """A parameter with its values in the order of their days."""

    name: str
    title: Words
    values: tuple[ParameterValue, ...]


@dataclass(frozen=True)
class Parameters:
    """Every parameter of a rule set."""

    by_name: Mapping[str, Parameter]

    def on(self, name: str, day: date) -> Amount:
        """Give the amount of a parameter on a day.

        Raises:
            NoParameterValue: there is no such parameter, or it has no value on that day.
        """
        return self.value_on(name, day).value

    def term(self, name: str, day: date) -> Term | None:
        """Give the term that a parameter names on a day; None when it says that there is none.

        Raises:
            NoParameterValue: there is no such parameter, or it has no value on that day, or one that is no term.
        """
        amount = self.on(name, day)
        if amount is None or isinstance(amount, Term):
            return amount
        raise NoParameterValue(f"{name} is no term on {day.isoformat()}")

    def number(self, name: str, day: date) -> int | None:
        """Give the number that a parameter names on a day; None when it says that there is none.

        Raises:
            NoParameterValue: there is no such parameter, or it has no value on that day, or one that is no number.
        """
        amount = self.on(name, day)
        if amount is None or isinstance(amount, int):
            return amount
        raise NoParameterValue(f"{name} is no number on {day.isoformat()}")

    def needed_term(self, name: str, day: date) -> Term:
        """Give the term that a parameter names on a day, for an act that cannot do without.

        Raises:
            NoParameterValue: it names none.
        """
        term = self.term(name, day)
        if term is None:
            raise NoParameterValue(f"{name} names no term on {day.isoformat()}")
        return term

    def needed_number(self, name: str, day: date) -> int:
        """Give the number that a parameter names on a day, for an act that cannot do without.

        Raises:
            NoParameterValue: it names none.
        """
        number = self.number(name, day)
        if number is None:
            raise NoParameterValue(f"{name} names no number on {day.isoformat()}")
        return number

    def value_on(self, name: str, day: date) -> ParameterValue:
        """Give the value of a parameter on a day, with its sources.

        Raises:
            NoParameterValue: there is no such parameter, or it has no value on that day.
        """
        parameter = self.by_name.get(name)
        for value in parameter.values if parameter else ():
            if value.holds_on(day):
                return value
        raise NoParameterValue(f"{name} has no value on {day.isoformat()}")
