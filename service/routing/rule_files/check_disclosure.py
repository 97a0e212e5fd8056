"""Checks the lines of disclosure against the rules: whoever is told something has a line, and no line means nothing."""

from collections.abc import Collection, Mapping
from typing import Final

from service.routing.disclosure import Disclosure, Line
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import Status
from service.routing.facts.parameters import Parameters
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import Mistake, meant

_NOTIFICATIONS: Final = "notifications"
_THE_PERSON: Final = "victim"
_Sent = tuple[str, str, str]


def check_disclosure(
    disclosure: Disclosure, tables: Mapping[str, CompiledTable], parameters: Parameters, file: str
) -> list[Mistake]:
    """Note every message without a line, every line without a message, and every retention that is no parameter.

    What the person is told is handed over by a coordinator: no message leaves for it, and it has no line.

    Args:
        disclosure: the lines.
        tables: the compiled tables; without one of notifications nobody is told anything.
        parameters: the numbers and terms.
        file: the file of the lines.
    """
    mistakes = [
        Mistake(file, one.line, f"there is no parameter {one.retention}", meant(one.retention, parameters.by_name))
        for one in disclosure.processes.values()
        if one.retention not in parameters.by_name
    ]
    if _NOTIFICATIONS not in tables:
        return mistakes
    sent = dict.fromkeys(
        (row.then["to"], row.then["content"], row.rule)
        for row in tables[_NOTIFICATIONS].table.rows
        if row.then["to"] != _THE_PERSON
    )
    for to, content, rule in sent:
        lines = [one for one in disclosure.lines if one.is_about(to, content, rule)]
        if not lines:
            what = f"{rule} tells {to} {content}, and no line says what may leave: nothing would"
            mistakes.append(Mistake(file, 1, what, "add a line, with facts: [] when nothing may"))
        mistakes += [
            Mistake(file, one.line, f"a line in line {lines[0].line} is about {rule} to {to} already")
            for one in lines[1:]
        ]
    return mistakes + [one for line in disclosure.lines for one in _without_message(line, sent)]


def unanswered_retention(rule_set: RuleSet) -> list[Mistake]:
    """Ask a policy owner how long data is kept where no source says so; until then nothing is deleted by itself.

    Args:
        rule_set: rules that could be read.
    """
    known = rule_set.parameters.by_name
    return [
        Mistake(
            next((line.file for line in rule_set.disclosure.lines), ""),
            one.line,
            f"no source says how long data of {one.name} is kept: nothing of it is deleted by itself",
            f"a policy owner gives {one.retention} a value with its source",
        )
        for one in rule_set.disclosure.processes.values()
        if not any(value.value is not None and value.status is Status.SOURCED for value in known[one.retention].values)
    ]


def _without_message(line: Line, sent: Collection[_Sent]) -> list[Mistake]:
    rules = {rule for to, content, rule in sent if (to, content) == (line.to, line.content)}
    if not rules:
        contents = [f"{to} {content}" for to, content, _ in sent]
        what = f"no rule tells {line.to} {line.content}"
        return [Mistake(line.file, line.line, what, meant(f"{line.to} {line.content}", contents))]
    return [
        Mistake(line.file, line.line, f"no rule {one} tells {line.to} {line.content}", meant(one, rules))
        for one in line.rules
        if one not in rules
    ]
