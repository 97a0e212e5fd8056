"""Reads parameters.yaml: the dated, sourced numbers and terms."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from service.routing.facts.parameters import Amount, Parameter, Parameters, ParameterValue
from service.routing.facts.terms import Term
from service.routing.rule_files.read_sources import read_days, read_sources, read_status
from service.routing.text.entries import entries, in_languages, listed, one_word
from service.routing.text.mistakes import Mistake, closest
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-parameters/1"
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DOTTED: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_NOTHING: Final = "none"
_DUTCH_TERM: Final = re.compile(r"(?P<amount>\d{1,4}) ?(?P<unit>[a-z]+)", re.IGNORECASE)
_DUTCH_UNITS: Final = {
    name: unit
    for unit, names in {
        "hour": ("uur", "uren"),
        "day": ("dag", "dagen"),
        "working day": ("werkdag", "werkdagen"),
        "week": ("week", "weken"),
        "month": ("maand", "maanden"),
        "year": ("jaar", "jaren"),
    }.items()
    for name in names
}
_ONE_DAY: Final = timedelta(days=1)


def read_parameters(document: Node, mistakes: list[Mistake]) -> Parameters:
    """Read the whole file.

    Args:
        document: the file as a tree.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", "parameters"), thing="a file of parameters")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    node = parts.get("parameters")
    if node is None or not isinstance(node.value, dict):
        if node is not None:
            mistakes.append(node.mistake("parameters must be a mapping of names"))
        return Parameters({})
    found: dict[str, Parameter] = {}
    for name, value in node.value.items():
        if not _DOTTED.fullmatch(name):
            hint = "small letters and digits, with dots between the parts"
            mistakes.append(node.key_mistake(name, f"{name!r} is no name for a parameter", hint))
        else:
            found[name] = _parameter(name, value, mistakes)
    return Parameters(found)


def _parameter(name: str, node: Node, mistakes: list[Mistake]) -> Parameter:
    parts = entries(node, mistakes, required=("title", "values"), thing=f"the parameter {name}")
    title = in_languages(parts.get("title"), mistakes, f"the title of {name}")
    items = listed(parts.get("values"), mistakes, f"the values of {name}")
    if not items and "values" in parts:
        mistakes.append(parts["values"].mistake(f"the parameter {name} has no value"))
    values = [value for item in items if (value := _value(name, item, mistakes)) is not None]
    if len(values) < len(items):
        # Where one is mistaken, nobody can tell on which days there would be a value.
        return Parameter(name, title, ())
    ordered = sorted(values, key=lambda value: value.valid_from or date.min)
    _check_sequence(name, ordered, node.file, mistakes)
    return Parameter(name, title, tuple(ordered))


def _value(name: str, node: Node, mistakes: list[Mistake]) -> ParameterValue | None:
    before = len(mistakes)
    thing = f"a value of {name}"
    parts = entries(
        node, mistakes, required=("value", "source", "status"), optional=("from", "to", "note"), thing=thing
    )
    first, last = read_days(parts.get("from"), parts.get("to"), mistakes, thing)
    amount = _amount(name, parts, mistakes)
    sources = read_sources(parts.get("source"), node, mistakes, thing) if "source" in parts else ()
    status = read_status(parts.get("status"), mistakes, thing)
    in_languages(parts.get("note"), mistakes, f"the note of {thing}")
    if len(mistakes) > before:
        return None
    return ParameterValue(first, last, amount, sources, status, node.line)


def _amount(name: str, parts: Mapping[str, Node], mistakes: list[Mistake]) -> Amount:
    node = parts.get("value")
    said = None if node is None else node.value
    if node is None or said == _NOTHING:
        return None
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    if isinstance(said, str) and _TIME.fullmatch(said):
        return said
    try:
        return Term.parse(said if isinstance(said, str) else "")
    except ValueError as error:
        what = f"the value of {name} is no term, whole number, time or {_NOTHING}"
        mistakes.append(node.mistake(what, _from_dutch(said) or str(error)))
        return None


def _from_dutch(said: object) -> str | None:
    """Give the hint for a term that was written in Dutch, or None when it was not."""
    if not isinstance(said, str):
        return None
    parts = _DUTCH_TERM.fullmatch(said.strip())
    if parts is not None and (unit := _DUTCH_UNITS.get(parts["unit"].lower())) is not None:
        return f"did you mean {parts['amount']} {unit}{'' if parts['amount'] == '1' else 's'}?"
    return f"did you mean {_NOTHING}?" if closest(said, (_NOTHING,)) else None


def _check_sequence(name: str, values: list[ParameterValue], file: str, mistakes: list[Mistake]) -> None:
    for before, after in pairwise(values):
        if after.valid_from is None or before.valid_to is None or before.valid_to >= after.valid_from:
            hint = f"end the earlier one with to: {after.valid_from - _ONE_DAY}" if after.valid_from else None
            what = f"this value of {name} overlaps with the one in line {before.line}"
            mistakes.append(Mistake(file, after.line, what, hint))
        elif (free := before.valid_to + _ONE_DAY) < after.valid_from:
            what = f"{name} has no value from {free} until this one starts"
            mistakes.append(Mistake(file, after.line, what, "write value: none for days without a value"))
