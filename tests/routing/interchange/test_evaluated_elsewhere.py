"""Engines that are not ours say of the exported tables what our own says."""

import json
import re

import pytest

from service.routing.interchange.dmn_export import VERSIONS, DmnExport
from tests.javascript.kogito import kogito
from tests.javascript.node import answer
from tests.routing.dutch import TODAY, rules
from tests.routing.interchange.elsewhere import Said, cases, told

# dmn-eval-js knows the namespace of DMN 1.1 alone, and wants a name for an outcome column that stands alone.
_OLD_NAMESPACE = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"
_NAMELESS = re.compile(r'label="([^"]*)" typeRef')

Named = dict[str, str] | list[dict[str, str]]


def _for_dmn_eval_js(table: str) -> str:
    text = DmnExport(rules(), TODAY, table).text().replace(VERSIONS["1.3"], _OLD_NAMESPACE)
    return _NAMELESS.sub(r'label="\1" name="\1" typeRef', text)


def _named(table: str, said: Said | list[Said]) -> Named:
    if isinstance(said, list):
        return [_parts(table, one) for one in said]
    return _parts(table, said)


def _parts(table: str, said: Said) -> dict[str, str]:
    return said if isinstance(said, dict) else dict.fromkeys(rules().tables[table].table.outputs, said)


def _compare_with_dmn_eval_js(count: int) -> int:
    wanted: dict[str, dict[str, Named]] = {name: {} for name in rules().tables}
    for case in cases(rules(), count, TODAY):
        for name, compiled in rules().tables.items():
            about = told(rules(), compiled.table.inputs, case.values)
            wanted[name][json.dumps(about)] = _named(name, case.wanted[name])
    models: list[object] = [
        {"table": name, "dmn": _for_dmn_eval_js(name), "told": [json.loads(one) for one in asked]}
        for name, asked in wanted.items()
    ]
    for (name, asked), said in zip(wanted.items(), answer("dmn.js", models, within=900), strict=True):
        assert said == list(asked.values()), name
    return sum(len(asked) for asked in wanted.values())


def test_another_engine_says_of_every_table_what_ours_says() -> None:
    assert _compare_with_dmn_eval_js(200) > 1000


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_another_engine_says_of_every_table_and_ten_thousand_people_what_ours_says() -> None:
    assert _compare_with_dmn_eval_js(10_000) > 30_000


def _about_many(dmn: DmnExport, version: str) -> str:
    """Add to the model one decision that asks all the others about a list of people, so that it is read once."""
    inputs = [*dmn.inputs()]
    decided = "".join(f'<outputDecision href="#{name}"/>' for name in dmn.tables)
    told = "".join(f'<inputData href="#input.{name}"/>' for name in inputs)
    added = f"""\
  <decisionService id="one" name="one"><variable name="one"/>{decided}{told}</decisionService>
  <inputData id="people" name="people"><variable name="people"/></inputData>
  <decision id="all" name="all"><variable name="all"/>
    <informationRequirement><requiredInput href="#people"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#one"/></knowledgeRequirement>
    <literalExpression>
      <text>for person in people return one({", ".join(f"person.{name}" for name in inputs)})</text>
    </literalExpression>
  </decision>
</definitions>"""
    return dmn.text(version).replace("</definitions>", added)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("version", VERSIONS)
def test_kogito_says_of_all_tables_behind_each_other_and_ten_thousand_people_what_ours_say(version: str) -> None:
    dmn = DmnExport(rules(), TODAY)
    model = _about_many(dmn, version)
    columns = [f"{name}.{part}" if part else name for name, parts in dmn.inputs().items() for part in parts or [""]]
    people = list(cases(rules(), 10_000, TODAY))
    asked = [told(rules(), columns, person.values) for person in people]
    found: list[dict[str, object]] = []
    with kogito() as engine:
        for first in range(0, len(people), 1000):
            found += engine.decided(model, {"people": asked[first : first + 1000]})["all"]["result"]

    assert len(found) == len(people) > 9_000
    for person, said in zip(people, found, strict=True):
        # Of a list without entries it says that there is none.
        assert {name: one or [] for name, one in said.items()} == person.wanted
