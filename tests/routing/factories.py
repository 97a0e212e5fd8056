"""Makes small tables and folders of rules for tests."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Domain
from service.routing.engine.table import DecisionTable, EffectiveDay, Never, Output, Policy, Row, Status, When
from service.routing.rule_files.load import rule_set_in
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused

REFERENCE = Path(__file__).parents[2] / "routing_rules" / "nl" / "reference"

FACTS = """\
schema: nrm-facts/1
facts:
  citizenship:
    values: {dutch: {en: Dutch}, eu: {en: EU}, unknown: {en: Unknown}}
    default: unknown
    group: person
    label: {en: Citizenship}
    question: {en: Which citizenship?}
  age:
    number: {from: 0, to: 120}
    default: unknown
    group: person
    label: {en: Age}
    question: {en: Which age?}
  detention:
    values: {yes: {en: Yes}, no: {en: No}}
    default: no
    group: person
    label: {en: Detention}
    question: {en: In detention?}
    ask_when: {citizenship: {not: dutch}}
  exploitation:
    set: {sexual: {en: Sexual}, labour: {en: Labour}, unknown: {en: Unknown}}
    default: [unknown]
    group: signal
    label: {en: Exploitation}
    question: {en: Which?}
  consent:
    map:
      keys: {registration: {en: Registration}, placement: {en: Placement}}
      values: {given: {en: Given}, refused: {en: Refused}, not_asked: {en: Not asked}}
    default: not_asked
    group: signal
    label: {en: Consent}
    question: {en: Consent?}
  accepted_on:
    date: true
    group: period
    label: {en: Accepted on}
    question: {en: When?}
  received_at:
    instant: true
    group: signal
    label: {en: Received at}
    question: {en: When?}
  found_in:
    code: municipality
    group: signal
    label: {en: Found in}
    question: {en: Where?}
  return_country:
    code: country
    group: signal
    label: {en: Country}
    question: {en: Which?}
derived:
  route:
    values: [child, adult]
    label: {en: Route}
    how: {en: A child below 18.}
never:
  - when: {citizenship: dutch, detention: yes}
    why: {en: A Dutch national is never in immigration detention.}
"""

PARAMETERS = """\
schema: nrm-parameters/1
parameters:
  period.usual:
    title: {en: Usual length}
    values:
      - value: 3 months
        source: [{cite: "An act, article 1"}]
        status: sourced
  period.short:
    title: {en: Short length}
    values:
      - from: 2019-08-01
        to: 2023-05-17
        value: none
        source: [{cite: "An act, article 2"}]
        status: sourced
      - from: 2023-05-18
        value: 30 days
        source: [{cite: "An act, article 2"}]
        status: sourced
  office.opens:
    title: {en: Opening hour}
    values: [{value: "09:00", source: [{cite: Assumed}], status: assumed}]
  reports.most:
    title: {en: Most reports}
    values: [{value: 3, source: [{cite: Assumed}], status: assumed}]
"""

DISCLOSURE = """\
schema: nrm-disclosure/2
processes:
  help:
    purpose: {en: To help.}
    source: [{cite: "An act, article 8"}]
    retention: period.usual
    status: sourced
grounds:
  free:
    text: {en: Not detained.}
    when: {detention: no}
    source: [{cite: "An act, article 9"}]
    status: sourced
  grown_up:
    text: {en: Of age.}
    when: {age: 18..}
    source: [{cite: "An act, article 9"}]
    status: sourced
lines:
  - to: helpers
    content: full
    process: help
    grounds: [free]
    facts:
      - names: [age]
        why: {en: To act upon it.}
        status: assumed
      - names: [citizenship]
        grounds: [grown_up]
        why: {en: To act upon it.}
        status: assumed
"""

PERIOD = """\
schema: nrm-rules/1
table: period
title: {en: Is there a period?}
policy: unique
effective_on: decided_on
inputs: [citizenship, detention]
outputs:
  status: {values: [offer, none]}
  length: {parameter: term, optional: true}
rows:
  - id: PE-01
    when: {citizenship: dutch}
    then: {status: none}
    source: [{cite: "An act, article 3"}]
    status: sourced
  - id: PE-02
    when: {citizenship: {not: dutch}, detention: no}
    then: {status: offer, length: period.usual}
    source: [{cite: "An act, article 3"}]
    status: sourced
  - id: PE-03
    rule: PE-02
    when: {citizenship: [eu, unknown], detention: yes}
    then: {status: offer, length: period.short}
    source: [{cite: "An act, article 4", jci: "jci1.3:c:X", url: "https://example.org", note: detained}]
    status: contested
"""

SHELTER = """\
schema: nrm-rules/1
table: shelter
title: {en: Which shelter?}
policy: first
why_first: {en: The exception stands above the rule.}
effective_on: judged_on
inputs: [period.status, route, age, exploitation.labour]
outputs:
  type: {values: [youth, special, general]}
  next: {values: [later], optional: true}
rows:
  - id: SH-01
    when: {age: ..17}
    then: {type: youth}
    source: [{cite: "An act, article 5"}]
    status: sourced
  - id: SH-02
    when: {period.status: offer, exploitation.labour: no}
    then: {type: special, next: later}
    source: [{cite: "An act, article 5"}]
    status: assumed
  - id: SH-03
    then: {type: general}
    source: [{cite: "An act, article 5"}]
    status: old_text
"""

EXAMPLES = """\
schema: nrm-examples/1
examples:
  - id: G01
    story: {en: An adult from nowhere.}
    on: 2026-11-23
    facts: {age: 30, exploitation: [labour]}
    expect: {shelter: {type: general}}
    absent: {tracks: [child]}
    status: assumed
    rules: [SH-03]
"""

INVARIANTS = """\
schema: nrm-invariants/1
invariants:
  - id: youth-together
    text: {en: Nobody under 18 goes to a general shelter.}
    source: [{cite: "An act, article 6"}]
    when: {age: ..17}
    never: {shelter.type: [general, special]}
  - id: no-dutch-period
    text: {en: A Dutch national is offered no period.}
    source: [{cite: "An act, article 7"}]
    when: {citizenship: dutch}
    always: {period.status: none}
"""

RULES: Mapping[str, str] = {
    "facts.yaml": FACTS,
    "parameters.yaml": PARAMETERS,
    "disclosure.yaml": DISCLOSURE,
    "tables/period.yaml": PERIOD,
    "tables/shelter.yaml": SHELTER,
    "invariants.yaml": INVARIANTS,
    "examples/first.yaml": EXAMPLES,
}


def changed(file: str, old: str, new: str) -> str:
    """Give the text of a sound file with one thing changed, at its first place."""
    text = next(text for name, text in RULES.items() if Path(name).stem == file)
    assert old in text, f"{old!r} is not in {file}"
    return text.replace(old, new, 1)


def rules_folder(folder: Path, **changed: str) -> Path:
    """Write a small sound folder of rules; a file named in `changed` gets that text instead (period="...")."""
    written = {name: changed.pop(Path(name).stem, text) for name, text in RULES.items()}
    assert not changed, f"no such file: {changed}"
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(REFERENCE, folder / "reference", dirs_exist_ok=True)
    return folder


def small_rule_set(folder: Path, **changed: str) -> RuleSet:
    """Load the small folder of rules."""
    return rule_set_in(rules_folder(folder, **changed), {"route": ()})


def mistakes_of(folder: Path, **changed: str) -> list[str]:
    """Give the mistakes of the small folder with changed files, file names shortened to those inside the folder."""
    try:
        small_rule_set(folder, **changed)
    except FilesRefused as refused:
        return [str(mistake).replace(f"{folder}/", "") for mistake in refused.mistakes]
    return []


def row(number: int, when: When, valid_from: date | None = None, valid_to: date | None = None) -> Row:
    """Make a row with an invented source."""
    return Row(
        id=f"R-{number}",
        rule=f"R-{number}",
        when=when,
        then={"outcome": "done"},
        sources=(),
        status=Status.ASSUMED,
        valid_from=valid_from,
        valid_to=valid_to,
        note={},
        line=number,
    )


def compiled(
    policy: Policy,
    domains: Mapping[str, Domain],
    rows: tuple[Row, ...],
    never: tuple[When, ...] = (),
) -> CompiledTable:
    """Compile a table with one outcome."""
    table = DecisionTable(
        name="sample",
        title={"en": "Sample"},
        policy=policy,
        why_first={},
        effective_on=EffectiveDay.DECIDED_ON,
        inputs=tuple(domains),
        outputs={"outcome": Output("outcome", ("done",))},
        rows=rows,
        never=tuple(Never(when, {"en": "it cannot be"}, (), 0) for when in never),
        file="sample.yaml",
        line=1,
    )
    return CompiledTable(table, domains)


def words(*values: str) -> Cell:
    """Make a cell that accepts words."""
    return Cell(values)


def span(low: int, high: int) -> Cell:
    """Make a cell that accepts whole numbers from low to high."""
    return Cell((), ((low, high),))
