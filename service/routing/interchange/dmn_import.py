"""Decision tables out of DMN files, ours or others', as files of rules; what our tables cannot say is refused whole.

Inside the fragment lie tables that hit uniquely, first, or all in order, whose columns read names, whose cells are
values, lists, whole numbers, intervals, comparisons and `not(...)` of them, and whose outcomes are values. Of a file
that `nrm rules export` made, what DMN has no place for is read back from its extension elements.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Domain
from service.routing.engine.table import NONE, EffectiveDay, Policy, Status
from service.routing.interchange.dmn_columns import Names, domain_of, is_open, rule_name, written_tests
from service.routing.interchange.dmn_export import HIT_POLICIES, OUR_NAMESPACE, WRITTEN
from service.routing.interchange.feel import NotInFragment, UnaryTests, read_tests, read_value
from service.routing.interchange.written import Written, yaml_text
from service.routing.interchange.xml_tree import Element, read_xml
from service.routing.rule_files.prove_tables import proof_mistakes
from service.routing.rule_files.read_table import ID, SCHEMA, RowReader, read_head
from service.routing.text.mistakes import FilesRefused, Mistake
from service.routing.text.yaml_document import read_document

NAMESPACES: Final = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
_POLICIES: Final[Mapping[str, Policy]] = {hit: policy for policy, hit in HIT_POLICIES.items()} | {
    "COLLECT": Policy.COLLECT
}
_BESIDE: Final = frozenset(
    {
        *("description", "extensionElements", "itemDefinition", "inputData", "decision", "knowledgeSource"),
        *("textAnnotation", "association", "group", "performanceIndicator", "organizationUnit", "elementCollection"),
    }
)
_BESIDE_TABLES: Final = (
    *("title", "why_first", "effective_on", "outputs", "never"),
    *("unknown", "other_days", "order"),
)
_BESIDE_ROWS: Final = ("rule", "valid_from", "valid_to", "source", "status", "note")
_HEAD_ORDER: Final = ("schema", "table", "title", "policy", "why_first", "effective_on", "inputs", "outputs", "never")
_ROW_ORDER: Final = ("id", "rule", "when", "then", "valid_from", "valid_to", "source", "status", "note")
_LOGIC: Final = frozenset(
    {
        *("literalExpression", "invocation", "context", "list", "relation", "functionDefinition", "conditional"),
        *("for", "every", "some", "filter"),
    }
)

Read = TypeVar("Read")


@dataclass(frozen=True)
class ImportedTable:
    """A table as a file of rules, and what is worth knowing of it."""

    name: str
    text: str
    remarks: tuple[Mistake, ...]


def import_dmn(raw: bytes, file: str) -> tuple[ImportedTable, ...]:
    """Read every decision table of a file.

    Args:
        raw: what stands in the file.
        file: how mistakes call it.

    Raises:
        FilesRefused: something lies outside the fragment; all of it is listed with element, line and reason.
    """
    mistakes: list[Mistake] = []
    root = read_xml(raw, file, mistakes)
    tables = [] if root is None else list(_Model(root, file, mistakes).tables())
    if not mistakes and not tables:
        mistakes.append(Mistake(file, 1, "the file holds no decision table"))
    if mistakes:
        raise FilesRefused(mistakes)
    return tuple(tables)


class _Model:
    """A file whose elements are known to be elements of DMN."""

    def __init__(self, root: Element, file: str, mistakes: list[Mistake]) -> None:
        self._root = root
        self._file = file
        self._mistakes = mistakes
        self._sound = self._is_dmn()
        self._decisions = root.all("decision")
        self._names = Names(
            types={one.attributes.get("name", ""): one for one in root.all("itemDefinition")},
            inputs={one.attributes.get("name", ""): one for one in root.all("inputData")},
            outputs={_named(one): self._outputs(one) for one in self._decisions},
        )

    def tables(self) -> Iterator[ImportedTable]:
        """Read each decision; nothing is given of a file with mistakes, but all of them are found."""
        if not self._sound:
            return
        for one in self._root.children:
            if one.namespace == self._root.namespace and one.name not in _BESIDE:
                self._refuse(one, "it is no table of rules")
        taken: dict[str, Element] = {}
        for decision in self._decisions:
            table = self._table(decision)
            name = table.name if table else _named(decision)
            if (twin := taken.setdefault(name, decision)) is not decision:
                self._refuse(decision, f"the name {name} is taken by the decision in line {twin.line}")
            if table is not None:
                yield table

    def _is_dmn(self) -> bool:
        root = self._root
        if root.name == "definitions" and root.namespace in NAMESPACES:
            return True
        self._refuse(root, f"of {root.namespace or 'no namespace'}; this is no DMN of the versions 1.1 to 1.5")
        return False

    def _outputs(self, decision: Element) -> list[str]:
        table = decision.first("decisionTable")
        clauses = [] if table is None else table.all("output")
        return [name for one in clauses if (name := self._output_name(decision, one, len(clauses))) is not None]

    def _output_name(self, decision: Element, clause: Element, count: int) -> str | None:
        said = clause.attributes.get("name") or clause.attributes.get("label") or ""
        if not said and count == 1:
            said = _named(decision)
        try:
            return rule_name(said)
        except NotInFragment as refused:
            self._refuse(clause, f"an outcome needs a name: {refused}")
            return None

    def _table(self, decision: Element) -> ImportedTable | None:
        before = len(self._mistakes)
        for one in decision.children:
            if one.name in _LOGIC and one.namespace == self._root.namespace:
                self._refuse(one, f"it decides {_named(decision)!r}; only decision tables are read")
        table = decision.first("decisionTable")
        if table is None:
            if len(self._mistakes) == before:
                self._refuse(decision, f"the decision {_named(decision)!r} has no decision table")
            return None
        reader = _TableReader(decision, table, self._names, self._file, self._mistakes)
        written = reader.written()
        if written is None or len(self._mistakes) > before:
            return None
        return reader.checked(written)

    def _refuse(self, element: Element, what: str) -> None:
        self._mistakes.append(_mistake(self._file, element, what))


class _TableReader:
    """Reads one decision table."""

    def __init__(self, decision: Element, table: Element, names: Names, file: str, mistakes: list[Mistake]) -> None:
        self._decision = decision
        self._table = table
        self._names = names
        self._file = file
        self._mistakes = mistakes
        self._beyond = self._extension(decision, _BESIDE_TABLES)
        unknown = self._beyond.pop("unknown", {})
        others, order = self._beyond.pop("other_days", []), self._beyond.pop("order", [])
        self._other_days = (others if isinstance(others, list) else [], order if isinstance(order, list) else [])
        self._unknown: Mapping[str, int] = unknown if isinstance(unknown, dict) else {}
        self._domains: dict[str, Domain] = {}
        self._open: list[str] = []
        self._rules = table.all("rule")

    def written(self) -> Written | None:
        """Give the table as a file of rules holds it, None when it has no name."""
        name = self._try(self._decision, lambda: rule_name(_named(self._decision)))
        policy = self._policy()
        columns = self._columns()
        outputs = self._outputs()
        rows = [self._row(number, rule, columns, outputs) for number, rule in enumerate(self._rules, start=1)]
        self._refuse_twins(rows)
        for clause in self._table.all("output"):
            for one in clause.all("defaultOutputEntry"):
                self._refuse(one, "a default outcome hides every gap; write the rows that it stands for")
        if name is None or policy is None:
            return None
        usual: Written = {"title": {"en": _named(self._decision)}}
        if policy is Policy.FIRST:
            usual["why_first"] = {"en": "The file that was imported decides by the order of its rows."}
        usual["effective_on"] = str(EffectiveDay.DECIDED_ON)
        written = {**usual, **self._beyond, "schema": SCHEMA, "table": name, "policy": str(policy)}
        written |= {"inputs": columns, "outputs": outputs}
        return {**{key: written[key] for key in _HEAD_ORDER if key in written}, "rows": self._with_other_days(rows)}

    def checked(self, written: Written) -> ImportedTable | None:
        """Read the file of rules as it would be read from its folder, and prove what does not hang on other files."""
        name, text = str(written["table"]), yaml_text(written)
        found: list[Mistake] = []
        document = read_document(text, f"tables/{name}.yaml", found)
        head = None if document is None else read_head(document, found)
        table = None if head is None else RowReader(head, self._domains, None, found).table()
        if found or table is None:
            self._mistakes.extend(Mistake(self._file, self._decision.line, f"{one.what}", one.hint) for one in found)
            return None
        open_ones = [
            Mistake(self._file, self._table.line, f"the file does not say which values {column} may have")
            for column in self._open
        ]
        # Of our own tables what can never be stands in the facts as well, so they are proved in their folder.
        proofs = [] if self._beyond else proof_mistakes(CompiledTable(table, self._domains))
        return ImportedTable(name, text, (*open_ones, *proofs))

    def _policy(self) -> Policy | None:
        said = self._table.attributes.get("hitPolicy", "UNIQUE")
        if said not in _POLICIES:
            self._refuse(self._table, f"the hit policy {said} is not read; UNIQUE, FIRST, RULE ORDER and COLLECT are")
        if (how := self._table.attributes.get("aggregation")) is not None:
            self._refuse(self._table, f"outcomes are listed, not counted or added up ({how})")
        return _POLICIES.get(said)

    def _columns(self) -> list[str]:
        columns: list[str] = []
        for number, clause in enumerate(self._table.all("input")):
            expression = clause.text_of("inputExpression", "text") or ""
            column = self._try(clause, partial(self._names.column, expression)) or f"column {number}"
            if column in columns:
                self._refuse(clause, f"two columns read {column}")
            columns.append(column)
            cells = [self._cell(rule, number) for rule in self._rules]
            found = self._try(clause, partial(self._domain, clause, column, cells))
            if found is not None:
                self._domains[column] = found
        return columns

    def _domain(self, clause: Element, column: str, cells: list[UnaryTests | None]) -> Domain:
        base, allowed = self._names.type_of(clause)
        domain = domain_of(base, allowed, cells, self._unknown.get(column))
        if is_open(domain, allowed):
            self._open.append(column)
        return domain

    def _cell(self, rule: Element, number: int) -> UnaryTests | None:
        entries = rule.all("inputEntry")
        if number >= len(entries):
            return None
        return self._try(entries[number], lambda: read_tests(entries[number].text_of("text") or ""))

    def _outputs(self) -> dict[str, Written]:
        told = self._beyond.get("outputs")
        kept = told if isinstance(told, dict) else {}
        names = self._names.outputs[_named(self._decision)]
        found: dict[str, Written] = {}
        for number, (name, clause) in enumerate(zip(names, self._table.all("output"), strict=False)):
            given = [value for rule in self._rules if (value := self._value(rule, number)) is not None]
            written = dict(kept[name]) if isinstance(kept.get(name), dict) else self._output(clause, number, given)
            if isinstance(values := written.get("values"), list):
                known = (*values, NONE) if written.get("optional") else values
                written["values"] = [*values, *dict.fromkeys(value for value in given if value not in known)]
            found[name] = written
        return found

    def _output(self, clause: Element, number: int, given: list[str]) -> Written:
        typed = self._try(clause, lambda: self._names.type_of(clause))
        allowed = typed[1] if typed else None
        words = [test for test in allowed.tests if isinstance(test, str)] if allowed and not allowed.negated else []
        left_out = any(self._value(rule, number) is None for rule in self._rules)
        return {"values": words or list(dict.fromkeys(given)), **({"optional": True} if left_out else {})}

    def _value(self, rule: Element, number: int) -> str | None:
        entries = rule.all("outputEntry")
        if number >= len(entries):
            return None
        return self._try(entries[number], lambda: read_value(entries[number].text_of("text") or ""))

    def _row(self, number: int, rule: Element, columns: list[str], outputs: Mapping[str, Written]) -> Written:
        for name, wanted in (("inputEntry", len(columns)), ("outputEntry", len(outputs))):
            if (there := len(rule.all(name))) != wanted:
                self._refuse(rule, f"the rule has {there} of <{name}>, the table {wanted} columns")
        when = {column: cell for place, column in enumerate(columns) if (cell := self._when(rule, place, column))}
        told = {name: self._value(rule, place) for place, name in enumerate(outputs)}
        given = {name: value for name, value in told.items() if value is not None}
        left_out = [name for name, value in given.items() if value == NONE and _leaves_out_none(outputs[name])]
        cites = rule.text_of("description") or f"{self._file.rpartition('/')[2]}, rule {number}"
        usual: Written = {"source": [{"cite": cites}], "status": str(Status.ASSUMED)}
        then = {name: value for name, value in given.items() if name not in left_out}
        row = {"id": self._id(number, rule), "when": when, "then": then, **usual, **self._extension(rule, _BESIDE_ROWS)}
        return {key: row[key] for key in _ROW_ORDER if key == "then" or row.get(key)}

    def _when(self, rule: Element, number: int, column: str) -> object:
        tests, domain = self._cell(rule, number), self._domains.get(column)
        if tests is None or domain is None:
            return None
        entry, unknown = rule.all("inputEntry")[number], self._unknown.get(column)
        return self._try(entry, lambda: written_tests(tests, domain, unknown))

    def _id(self, number: int, rule: Element) -> str:
        said = rule.attributes.get("id", "").removeprefix(f"{self._decision.attributes.get('id', '')}.")
        return said if ID.fullmatch(said) else f"R-{number:03}"

    def _refuse_twins(self, rows: Iterable[Written]) -> None:
        seen: set[object] = set()
        for row, rule in zip(rows, self._rules, strict=True):
            if row["id"] in seen:
                self._refuse(rule, f"two rules have the id {row['id']}")
            seen.add(row["id"])

    def _with_other_days(self, rows: list[Written]) -> list[Written]:
        """Give the rows with those of other days, each in its place."""
        others, order = self._other_days
        for one in others:
            if not isinstance(one, dict) or not {"valid_from", "valid_to"} & one.keys():
                self._refuse(self._decision, "a row of other days has no days")
                return rows
        places = {name: place for place, name in enumerate(order) if isinstance(name, str)}
        return sorted([*rows, *others], key=lambda row: places.get(str(row.get("id")), len(places)))

    def _extension(self, owner: Element, known: Collection[str]) -> Written:
        """Give what our own export wrote where DMN has no place for it; whatever stands there is checked later."""
        extensions = owner.first("extensionElements")
        for one in extensions.children if extensions else ():
            if one.namespace == OUR_NAMESPACE and one.name == WRITTEN:
                try:
                    said = json.loads(one.text)
                except (ValueError, RecursionError):
                    said = None
                if isinstance(said, dict) and said.keys() <= set(known):
                    return said
                self._refuse(one, f"it is no JSON object of {', '.join(known)}")
        return {}

    def _try(self, element: Element, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except NotInFragment as refused:
            self._refuse(element, str(refused))
            return None

    def _refuse(self, element: Element, what: str) -> None:
        self._mistakes.append(_mistake(self._file, element, what))


def _mistake(file: str, element: Element, what: str) -> Mistake:
    where = element.attributes.get("id")
    return Mistake(file, element.line, f"<{element.name}{' ' if where else ''}{where or ''}>: {what}")


def _named(decision: Element) -> str:
    return decision.attributes.get("name", "")


def _leaves_out_none(output: Written) -> bool:
    values = output.get("values")
    return output.get("optional") is True and not (isinstance(values, list) and NONE in values)
