"""Rows with the amounts of the parameters that they name, period by period: a changed amount is a difference too."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.laid_together import Days, Piece
from service.routing.engine.versions import whole_rows
from service.routing.facts.parameters import NoParameterValue, Parameters

TERM_STARTS_ON: Final = "term_starts_on"
"""By which day the amount of a term goes that counts from some day: that day, or the decision date if it is later."""

_NO_AMOUNT: Final = "-"
_ONE_DAY: Final = timedelta(days=1)


def changed_parameters(old: Parameters, new: Parameters) -> tuple[str, ...]:
    """Name the parameters that have another amount on some day."""
    names = dict.fromkeys((*old.by_name, *new.by_name))
    return tuple(name for name in names if periods(old, [name]) != periods(new, [name]))


def periods(parameters: Parameters, names: Collection[str]) -> tuple[tuple[Days, tuple[str, ...]], ...]:
    """Give the amounts of some parameters, period by period over all time; both days of a period are included.

    Args:
        parameters: the parameters of a rule set.
        names: which of them; one that the rule set does not have never has an amount.
    """
    values = [value for name in names if name in parameters.by_name for value in parameters.by_name[name].values]
    starts = sorted(
        {value.valid_from for value in values if value.valid_from}
        | {value.valid_to + _ONE_DAY for value in values if value.valid_to}
    )
    found: list[tuple[Days, tuple[str, ...]]] = []
    for first, after in pairwise((None, *starts, None)):
        last = after and after - _ONE_DAY
        amounts = tuple(_amount(parameters, name, first or last or date.min) for name in names)
        if found and found[-1][1] == amounts:
            found[-1] = ((found[-1][0][0], last), amounts)
        else:
            found.append(((first, last), amounts))
    return tuple(found)


def pieces(compiled: CompiledTable, parameters: Parameters, changed: Collection[str]) -> tuple[Piece, ...]:
    """Give the rows of a table; one that names a changed parameter is cut into periods with the amount of each.

    Args:
        compiled: the table.
        parameters: the parameters of its rule set.
        changed: the parameters that are not the same in both versions.
    """
    return tuple(piece for whole in whole_rows(compiled) for piece in _cut(whole, compiled, parameters, changed))


def _cut(whole: Piece, compiled: CompiledTable, parameters: Parameters, changed: Collection[str]) -> Iterator[Piece]:
    outputs = compiled.table.outputs
    named = {output: name for output, name in whole.row.then.items() if outputs[output].parameter and name in changed}
    if not named:
        yield whole
        return
    axis = TERM_STARTS_ON if "from" in whole.row.then else compiled.table.effective_on.value
    for days, amounts in periods(parameters, tuple(named.values())):
        shared = shared_days(days, whole.days.get(axis, (None, None)))
        if shared is not None:
            then = dict(whole.gives) | dict(zip(named, amounts, strict=True))
            yield replace(whole, gives=tuple(sorted(then.items())), days={**whole.days, axis: shared})


def _amount(parameters: Parameters, name: str, day: date) -> str:
    try:
        amount = parameters.on(name, day)
    except NoParameterValue:
        return _NO_AMOUNT
    return str(amount).lower()


def shared_days(one: Days, other: Days) -> Days | None:
    """Give the days that two spans have in common, None for none."""
    first = max((day for day in (one[0], other[0]) if day is not None), default=None)
    last = min((day for day in (one[1], other[1]) if day is not None), default=None)
    return None if first is not None and last is not None and last < first else (first, last)
