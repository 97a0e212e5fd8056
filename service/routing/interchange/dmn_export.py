"""Rules as DMN, the decision tables of the Object Management Group, for engines and editors that are not ours.

A snapshot: the rows that are valid on one day. What DMN has no place for stands as JSON in an extension element, which
other programs skip and our own import reads, and, as far as people should see it, in descriptions. The text is put
together line by line, so that the same rules and day give the same bytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import escape
from typing import Final

from service.routing.engine.domains import Choice, Domain, Number
from service.routing.engine.table import NONE, DecisionTable, Output, Policy, Row
from service.routing.interchange.feel import feel_name, quoted, unknown_number, written_cell, written_domain
from service.routing.interchange.written import Written, written_row, written_table
from service.routing.rule_set import RuleSet

VERSIONS: Final[Mapping[str, str]] = {
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
USUAL_VERSION: Final = "1.3"
OUR_NAMESPACE: Final = "urn:nrm:rules:1"
WRITTEN: Final = "written"

HIT_POLICIES: Final[Mapping[Policy, str]] = {
    Policy.UNIQUE: "UNIQUE",
    Policy.FIRST: "FIRST",
    Policy.COLLECT: "RULE ORDER",
}
_SAID_BY_RULE: Final = ("id", "when", "then")
_SAID_BY_DMN: Final = ("schema", "table", "policy", "inputs", "rows")
_HEADER: Final = """\
Rules {rule_set}
as they stand on {on}. Made by `nrm rules export`; `nrm rules import` reads this file back.

What other engines do not see of them, and only our own import reads back:
  * days of validity: the tables hold the rows that are valid on {on}, whichever day they go by;
  * combinations that can never be (never): such facts are refused by us, here they may meet a row or none;
  * how well a row is founded (status), its note, and the rule that several rows are parts of;
  * what is favourable for the person, and that some outcomes are names of parameters: terms and numbers of the law.
Values that code derives from a calendar or a look-up are inputs here. An outcome that a row leaves out is "none".
Numbers are whole; each is written as the half-open interval up to the next. Where a number may be unknown, the number
below the lowest stands for that.
"""


class DmnExport:
    """Tables of a rule set on a day, to be written in a version of DMN."""

    def __init__(self, rule_set: RuleSet, on: date, table: str | None = None) -> None:
        """Choose what to write.

        Args:
            rule_set: the rules.
            on: the day whose rows are written.
            table: one table alone, outcomes of others being its inputs; every table when left out.

        Raises:
            KeyError: there is no such table.
        """
        chosen = rule_set.tables if table is None else {table: rule_set.tables[table]}
        self.rule_set = rule_set
        self.on = on
        self.tables = {name: compiled.table for name, compiled in chosen.items()}
        self.domains = column_domains(rule_set)

    def text(self, version: str = USUAL_VERSION) -> str:
        """Give the file.

        Args:
            version: of DMN, a key of VERSIONS.
        """
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(self._lines(VERSIONS[version])) + "\n"

    def feel_of(self, column: str) -> str:
        """Give the FEEL expression of a column: a name, or a part of what a name stands for."""
        owner, _, part = column.partition(".")
        if not part or (owner in self.tables and len(self.tables[owner].outputs) == 1):
            return feel_name(owner)
        return f"{feel_name(owner)}.{feel_name(part)}"

    def inputs(self) -> dict[str, list[str]]:
        """Give what must be told: names, and the parts of those that have parts."""
        found: dict[str, list[str]] = {}
        for table in self.tables.values():
            for column in table.inputs:
                owner, _, part = column.partition(".")
                if owner not in self.tables:
                    parts = found.setdefault(owner, [])
                    parts.extend([part] if part and part not in parts else [])
        return {name: sorted(found[name]) for name in sorted(found)}

    def _lines(self, namespace: str) -> Iterator[str]:
        rules = self.rule_set
        name = rules.country if len(self.tables) > 1 else next(iter(self.tables))
        yield f"<!--\n{_HEADER.format(rule_set=rules.name, on=self.on)}-->"
        yield (
            f'<definitions xmlns="{namespace}" xmlns:nrm="{OUR_NAMESPACE}" id="definitions" name="{name}"'
            f' namespace="urn:nrm:rules:{rules.country}:{rules.digest}:{self.on}">'
        )
        yield from self._types()
        for one in self.inputs():
            feel = feel_name(one)
            yield f'  <inputData id="input.{one}" name="{feel}">'
            yield f'    <variable id="input.{one}.value" name="{feel}" typeRef="t_{one}"/>'
            yield "  </inputData>"
        for table in self.tables.values():
            yield from self._decision(table)
        yield "</definitions>"

    def _types(self) -> Iterator[str]:
        for name, parts in self.inputs().items():
            if not parts:
                yield from _type(f"t_{name}", self.domains[name])
                continue
            yield f'  <itemDefinition id="t_{name}" name="t_{name}">'
            for part in parts:
                yield from _component(f"t_{name}.{part}", feel_name(part), self.domains[f"{name}.{part}"])
            yield "  </itemDefinition>"
        for name, table in self.tables.items():
            yield from self._outcome_types(name, table)

    def _outcome_types(self, name: str, table: DecisionTable) -> Iterator[str]:
        is_list = table.policy is Policy.COLLECT
        entry = f"t_{name}_entry" if is_list else f"t_{name}"
        choices = {output: _choice(one, self._rows(table)) for output, one in table.outputs.items()}
        if len(choices) == 1:
            yield from _type(entry, next(iter(choices.values())))
        else:
            yield f'  <itemDefinition id="{entry}" name="{entry}">'
            for output, choice in choices.items():
                yield from _component(f"{entry}.{output}", feel_name(output), choice)
            yield "  </itemDefinition>"
        if is_list:
            yield f'  <itemDefinition id="t_{name}" name="t_{name}" isCollection="true">'
            yield f"    <typeRef>{entry}</typeRef>"
            yield "  </itemDefinition>"

    def _decision(self, table: DecisionTable) -> Iterator[str]:
        name = table.name
        yield f'  <decision id="{name}" name="{feel_name(name)}">'
        yield f"    <description>{_said(' / '.join(table.title.values()))}</description>"
        yield f"    {_extension(self._beyond(table))}"
        yield f'    <variable id="{name}.value" name="{feel_name(name)}" typeRef="t_{name}"/>'
        for owner in dict.fromkeys(column.partition(".")[0] for column in table.inputs):
            kind, to = ("Decision", owner) if owner in self.tables else ("Input", f"input.{owner}")
            yield f'    <informationRequirement id="{name}.needs.{owner}">'
            yield f'      <required{kind} href="#{to}"/>'
            yield "    </informationRequirement>"
        yield f'    <decisionTable id="{name}.table" hitPolicy="{HIT_POLICIES[table.policy]}">'
        for column in table.inputs:
            yield from self._input(table, column)
        for output, one in table.outputs.items():
            yield from self._output(table, output, _choice(one, self._rows(table)))
        for row in self._rows(table):
            yield from self._rule(table, row)
        yield "    </decisionTable>"
        yield "  </decision>"

    def _input(self, table: DecisionTable, column: str) -> Iterator[str]:
        domain = self.domains[column]
        yield f'      <input id="{table.name}.input.{column}" label="{column}">'
        yield f'        <inputExpression id="{table.name}.reads.{column}" typeRef="{_base(domain)}">'
        yield f"          <text>{self.feel_of(column)}</text>"
        yield "        </inputExpression>"
        yield f"        <inputValues><text>{_said(written_domain(domain))}</text></inputValues>"
        yield "      </input>"

    def _output(self, table: DecisionTable, output: str, choice: Choice) -> Iterator[str]:
        # An outcome column that stands alone has no name in DMN: the decision is its value.
        name = f' name="{feel_name(output)}"' if len(table.outputs) > 1 else ""
        yield f'      <output id="{table.name}.output.{output}" label="{output}"{name} typeRef="string">'
        yield f"        <outputValues><text>{_said(written_domain(choice))}</text></outputValues>"
        yield "      </output>"

    def _rule(self, table: DecisionTable, row: Row) -> Iterator[str]:
        place = f"{table.name}.{row.id}"
        yield f'      <rule id="{place}">'
        yield f"        <description>{_said(_cited(row))}</description>"
        beyond = {key: said for key, said in written_row(row).items() if key not in _SAID_BY_RULE}
        yield f"        {_extension(beyond)}"
        for number, column in enumerate(table.inputs, start=1):
            cell = _said(written_cell(row.when.get(column), self.domains[column]))
            yield f'        <inputEntry id="{place}.when.{number}"><text>{cell}</text></inputEntry>'
        for number, output in enumerate(table.outputs, start=1):
            value = _said(quoted(row.then.get(output, NONE)))
            yield f'        <outputEntry id="{place}.then.{number}"><text>{value}</text></outputEntry>'
        yield "      </rule>"

    def _rows(self, table: DecisionTable) -> list[Row]:
        return [row for row in table.rows if row.applies_on(self.on)]

    def _beyond(self, table: DecisionTable) -> Written:
        """Give what DMN has no place for, as the rule file holds it."""
        written = written_table(table)
        beyond = {key: said for key, said in written.items() if key not in _SAID_BY_DMN}
        unknown = {
            column: unknown_number(domain)
            for column in table.inputs
            if isinstance(domain := self.domains[column], Number) and domain.unknown
        }
        others = [written_row(row) for row in table.rows if not row.applies_on(self.on)]
        order = [row.id for row in table.rows] if others else []
        also: Written = {"unknown": unknown, "other_days": others, "order": order}
        return {**beyond, **{name: said for name, said in also.items() if said}}


def column_domains(rule_set: RuleSet) -> Mapping[str, Domain]:
    """Give every column that a table may read, with its domain."""
    outcomes = {
        f"{name}.{output.name}": Choice(output.as_input())
        for name, compiled in rule_set.tables.items()
        for output in compiled.table.outputs.values()
    }
    return {**rule_set.vocabulary.columns(), **outcomes}


def _choice(output: Output, rows: Iterable[Row]) -> Choice:
    if output.parameter is None:
        return Choice(output.as_input())
    return Choice(tuple(sorted({row.then.get(output.name, NONE) for row in rows})))


def _type(name: str, domain: Domain) -> Iterator[str]:
    yield f'  <itemDefinition id="{name}" name="{name}">'
    yield f"    <typeRef>{_base(domain)}</typeRef>"
    yield f"    <allowedValues><text>{_said(written_domain(domain))}</text></allowedValues>"
    yield "  </itemDefinition>"


def _component(place: str, name: str, domain: Domain) -> Iterator[str]:
    yield f'    <itemComponent id="{place}" name="{name}">'
    yield f"      <typeRef>{_base(domain)}</typeRef>"
    yield f"      <allowedValues><text>{_said(written_domain(domain))}</text></allowedValues>"
    yield "    </itemComponent>"


def _base(domain: Domain) -> str:
    return "string" if isinstance(domain, Choice) else "number"


def _cited(row: Row) -> str:
    return "; ".join(one.cite if one.note is None else f"{one.cite} ({one.note})" for one in row.sources)


def _extension(beyond: Written) -> str:
    text = json.dumps(beyond, ensure_ascii=False, separators=(", ", ": "))
    return f"<extensionElements><nrm:{WRITTEN}>{_said(text)}</nrm:{WRITTEN}></extensionElements>"


def _said(text: str) -> str:
    return escape(text, quote=False)
