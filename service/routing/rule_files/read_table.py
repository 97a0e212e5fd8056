"""Reads a file of tables/: first its head, then its rows, because rows may read the outcomes of other tables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from service.routing.engine.table import DecisionTable, EffectiveDay, Output, ParameterKind, Policy, Row, written_days
from service.routing.facts.parameters import Parameter, Parameters
from service.routing.facts.terms import Term
from service.routing.rule_files.read_sources import read_days, read_sources, read_status
from service.routing.rule_files.read_when import Domains, read_never, read_when
from service.routing.text.entries import Words, entries, in_languages, listed, named, one_word, text
from service.routing.text.mistakes import Mistake, meant
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-rules/1"
_HEAD: Final = ("schema", "table", "title", "policy", "effective_on", "inputs", "outputs", "rows")
_ROW: Final = ("id", "then", "source", "status")
_ROW_OPTIONAL: Final = ("rule", "when", "valid_from", "valid_to", "note")
ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
_FORMS: Final = {
    ParameterKind.TERM: "a term reads like 3 months",
    ParameterKind.NUMBER: "a number has no unit",
    ParameterKind.TIME: "a time reads like 09:00",
}
_AMOUNTS: Final = {ParameterKind.TERM: Term, ParameterKind.NUMBER: int, ParameterKind.TIME: str}


@dataclass(frozen=True)
class TableHead:
    """What a table says about itself before its rows."""

    name: str
    title: Words
    policy: Policy
    why_first: Words
    effective_on: EffectiveDay
    inputs: Mapping[str, Node]
    outputs: Mapping[str, Output]
    broken_outputs: frozenset[str]
    never: Node | None
    rows: tuple[Node, ...]
    file: str
    line: int
    sound: bool


def read_head(document: Node, mistakes: list[Mistake]) -> TableHead | None:
    """Read everything of a table but its conditions and rows.

    Args:
        document: the file as a tree.
        mistakes: where mistakes are added.

    Returns:
        The head, or None when the table has not even a name.
    """
    before = len(mistakes)
    parts = entries(document, mistakes, required=_HEAD, optional=("why_first", "never"), thing="a table")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    name = text(parts.get("table"), mistakes, "the name of the table")
    policy = _policy(document, parts, mistakes)
    effective_on = one_word(parts.get("effective_on"), mistakes, "effective_on", tuple(EffectiveDay))
    outputs, broken = _outputs(parts.get("outputs"), mistakes)
    rows = listed(parts.get("rows"), mistakes, "rows")
    if "rows" in parts and parts["rows"].value == []:
        mistakes.append(parts["rows"].mistake("the table has no rows"))
    head = TableHead(
        name=name or "",
        title=in_languages(parts.get("title"), mistakes, "the title"),
        policy=policy,
        why_first=in_languages(parts.get("why_first"), mistakes, "why_first"),
        effective_on=EffectiveDay(effective_on) if effective_on else EffectiveDay.DECIDED_ON,
        inputs=_inputs(parts.get("inputs"), mistakes),
        outputs=outputs,
        broken_outputs=broken,
        never=parts.get("never"),
        rows=tuple(rows),
        file=document.file,
        line=document.key_lines.get("rows", document.line),
        sound=False,
    )
    return replace(head, sound=len(mistakes) == before) if name else None


def _policy(document: Node, parts: Mapping[str, Node], mistakes: list[Mistake]) -> Policy:
    said = one_word(parts.get("policy"), mistakes, "the policy", tuple(Policy))
    if said == Policy.FIRST and "why_first" not in parts:
        owner = parts.get("policy", document)
        mistakes.append(
            owner.mistake(
                "a first table must say why the order of its rows decides", "add why_first, or make it unique"
            )
        )
    if said is not None and said != Policy.FIRST and "why_first" in parts:
        mistakes.append(parts["why_first"].mistake(f"why_first has no meaning in a {said} table"))
    return Policy(said) if said else Policy.UNIQUE


def _inputs(node: Node | None, mistakes: list[Mistake]) -> Mapping[str, Node]:
    found: dict[str, Node] = {}
    for item in listed(node, mistakes, "inputs"):
        column = text(item, mistakes, "an input")
        if column is not None and column in found:
            mistakes.append(item.mistake(f"the input {column} stands here twice"))
        elif column is not None:
            found[column] = item
    return found


def _outputs(node: Node | None, mistakes: list[Mistake]) -> tuple[Mapping[str, Output], frozenset[str]]:
    found: dict[str, Output] = {}
    broken: set[str] = set()
    for name, value in [] if node is None else list(named(node, mistakes, "outputs")):
        output = _output(name, value, mistakes)
        if output is None:
            broken.add(name)
        else:
            found[name] = output
    if node is not None and node.value == {}:
        mistakes.append(node.mistake("the table has no outputs"))
    return found, frozenset(broken)


def _output(name: str, node: Node, mistakes: list[Mistake]) -> Output | None:
    before = len(mistakes)
    parts = entries(
        node,
        mistakes,
        optional=("values", "parameter", "optional", "favourable", "without_row"),
        thing=f"the output {name}",
    )
    optional = parts.get("optional")
    if optional is not None and not isinstance(optional.value, bool):
        mistakes.append(optional.mistake(f"optional of {name} is true or false"))
    kind = one_word(parts.get("parameter"), mistakes, f"the parameter of {name}", tuple(ParameterKind))
    items = listed(parts.get("values"), mistakes, f"the values of {name}")
    words = [word for item in items if (word := text(item, mistakes, f"a value of {name}")) is not None]
    for position, item in enumerate(items):
        if item.value in [earlier.value for earlier in items[:position]]:
            mistakes.append(item.mistake(f"{item.value} stands twice in the values of {name}"))
    if len(mistakes) == before and ("values" in parts) == ("parameter" in parts):
        mistakes.append(node.mistake(f"the output {name} needs values or a parameter, one of the two"))
    favourable = _favourable(parts.get("favourable"), words, mistakes, name)
    without_row = _without_row(parts.get("without_row"), words, mistakes, name)
    if len(mistakes) > before:
        return None
    is_optional = optional is not None and optional.value is True
    return Output(name, tuple(words), is_optional, ParameterKind(kind) if kind else None, favourable, without_row)


def _without_row(node: Node | None, values: list[str], mistakes: list[Mistake], name: str) -> Mapping[str, Words]:
    """Read the values that no row is meant to give, each with what gives it instead."""
    thing = f"what no row gives of {name}"
    found: dict[str, Words] = {}
    if node is None:
        return found
    for word, said in named(node, mistakes, thing):
        if word not in values:
            mistakes.append(node.key_mistake(word, f"{thing} cannot be {word!r}", meant(word, values)))
        found[word] = in_languages(said, mistakes, thing)
    return found


def _favourable(
    node: Node | None, values: list[str], mistakes: list[Mistake], name: str
) -> tuple[tuple[str, ...], ...]:
    """Read groups of values from the best to the worst; a value alone is a group of one."""
    thing = f"what is favourable of {name}"
    found: list[tuple[str, ...]] = []
    for item in listed(node, mistakes, thing):
        members = listed(item, mistakes, thing) if isinstance(item.value, list) else [item]
        group = [word for member in members if (word := one_word(member, mistakes, thing, values)) is not None]
        known = [word for earlier in found for word in earlier]
        twice = [word for place, word in enumerate(group) if word in (*known, *group[:place])]
        mistakes.extend(item.mistake(f"{word} stands twice in {thing}") for word in twice)
        found.append(tuple(group))
    return tuple(found)


class RowReader:
    """Reads the rows of one table, knowing its columns and the parameters."""

    def __init__(
        self, head: TableHead, domains: Domains, parameters: Parameters | None, mistakes: list[Mistake]
    ) -> None:
        """Prepare.

        Args:
            head: the table.
            domains: the domain of every input; None for an input whose own mistakes are told elsewhere.
            parameters: what outcomes may name; None when the file of parameters could not be read.
            mistakes: where mistakes are added.
        """
        self._head = head
        self._domains = domains
        self._parameters = parameters
        self._mistakes = mistakes

    def table(self) -> DecisionTable:
        """Read all rows and give the table."""
        head = self._head
        rows = tuple(row for node in head.rows if (row := self._row(node)) is not None)
        never = read_never(head.never, self._domains, self._mistakes, f"table {head.name}")
        return DecisionTable(
            name=head.name,
            title=head.title,
            policy=head.policy,
            why_first=head.why_first,
            effective_on=head.effective_on,
            inputs=tuple(head.inputs),
            outputs=head.outputs,
            rows=rows,
            never=never,
            file=head.file,
            line=head.line,
        )

    def _row(self, node: Node) -> Row | None:
        id_node = node.value.get("id") if isinstance(node.value, dict) else None
        thing = f"row {id_node.value}" if id_node is not None and isinstance(id_node.value, str) else "a row"
        parts = entries(node, self._mistakes, required=_ROW, optional=_ROW_OPTIONAL, thing=thing)
        if not parts:
            return None
        first, last = read_days(parts.get("valid_from"), parts.get("valid_to"), self._mistakes, thing)
        row_id = self._id(parts.get("id"), "the id of a row")
        found = Row(
            id=row_id,
            rule=self._id(parts.get("rule"), f"the rule of {thing}") or row_id,
            when=read_when(parts.get("when"), self._domains, self._mistakes, thing),
            then=self._then(parts.get("then"), thing),
            sources=read_sources(parts.get("source"), node, self._mistakes, thing) if "source" in parts else (),
            status=read_status(parts.get("status"), self._mistakes, thing),
            valid_from=first,
            valid_to=last,
            note=in_languages(parts.get("note"), self._mistakes, f"the note of {thing}"),
            line=node.line,
        )
        self._refuse_days_without_value(found, node)
        return found

    def _refuse_days_without_value(self, row: Row, node: Node) -> None:
        """Refuse a parameter that says nothing on a day by which the law judges with this row."""
        if self._parameters is None or self._head.effective_on is not EffectiveDay.JUDGED_ON:
            return
        for name, output in self._head.outputs.items():
            parameter = self._parameters.by_name.get(row.then.get(name, "")) if output.parameter else None
            if parameter is not None and parameter.values and not _covers(parameter, row):
                days = written_days(parameter.values[0].valid_from, parameter.values[-1].valid_to)
                what = f"the row {row.id} is valid on days on which {parameter.name} has no value"
                self._mistakes.append(node.mistake(what, f"the parameter has values for {days}"))

    def _id(self, node: Node | None, thing: str) -> str:
        said = text(node, self._mistakes, thing)
        if node is None or said is None:
            return ""
        if not ID.fullmatch(said):
            self._mistakes.append(
                node.mistake(f"{thing} cannot be {said!r}", "letters and digits with hyphens, like SH-09a")
            )
            return ""
        return said

    def _then(self, node: Node | None, thing: str) -> Mapping[str, str]:
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self._mistakes.append(node.mistake(f"then of {thing} must be a mapping", "{output: value}"))
            return {}
        outputs = self._head.outputs
        self._mistakes.extend(
            node.key_mistake(name, f"{thing} gives {name}, which is no output", meant(name, outputs))
            for name in node.value
            if name not in outputs and name not in self._head.broken_outputs
        )
        self._mistakes.extend(
            node.mistake(f"{thing} gives no {name}", "give it, or declare the output optional")
            for name, output in outputs.items()
            if name not in node.value and not output.optional
        )
        given = {name: self._outcome(node.value[name], outputs[name], thing) for name in outputs if name in node.value}
        return {name: said for name, said in given.items() if said is not None}

    def _outcome(self, node: Node, output: Output, thing: str) -> str | None:
        if output.parameter is None:
            return one_word(node, self._mistakes, f"{output.name} of {thing}", output.values)
        if self._parameters is None:
            return text(node, self._mistakes, f"{output.name} of {thing}")
        said = one_word(node, self._mistakes, f"{output.name} of {thing}", tuple(self._parameters.by_name))
        if said is None:
            return None
        wanted = _AMOUNTS[output.parameter]
        for value in self._parameters.by_name[said].values:
            if value.value is not None and not isinstance(value.value, wanted):
                hint = f"in line {value.line} of the parameters it is {value.value}; {_FORMS[output.parameter]}"
                self._mistakes.append(node.mistake(f"the parameter {said} is no {output.parameter}", hint))
                break
        return said


def _covers(parameter: Parameter, row: Row) -> bool:
    """Tell whether a parameter has a value on every day of a row; between its values no day is left out."""
    first, last = parameter.values[0].valid_from, parameter.values[-1].valid_to
    begins = first is None or (row.valid_from is not None and first <= row.valid_from)
    return begins and (last is None or (row.valid_to is not None and row.valid_to <= last))
