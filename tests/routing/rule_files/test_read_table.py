"""A mistake in a table is told in its line, once, with what was meant."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        (
            "period",
            "policy: unique",
            "policy: uniqe",
            "tables/period.yaml:4: the policy cannot be 'uniqe' (did you mean unique?)",
        ),
        (
            "period",
            "policy: unique",
            "policy: first",
            (
                "tables/period.yaml:4: a first table must say why the order of its rows decides (add why_first, "
                "or make it unique)"
            ),
        ),
        (
            "period",
            "status: {values: [offer, none]}",
            "status: {values: [offer, none], without_row: {ofer: {en: Given elsewhere.}}}",
            "tables/period.yaml:8: what no row gives of status cannot be 'ofer' (did you mean offer?)",
        ),
        (
            "period",
            "decided_on",
            "today",
            "tables/period.yaml:5: effective_on cannot be 'today' (known: decided_on, judged_on)",
        ),
        (
            "period",
            "    when: {citizenship: dutch}",
            "    when: {citizenship: duch}",
            "tables/period.yaml:12: citizenship cannot be 'duch' (did you mean dutch?)",
        ),
        (
            "period",
            "detention: no}",
            "detention: false}",
            "tables/period.yaml:17: detention cannot be the boolean false (write no)",
        ),
        (
            "period",
            "    when: {citizenship: dutch}",
            "    when: {citizen: dutch}",
            "tables/period.yaml:12: row PE-01 reads citizen, which is no input here (did you mean citizenship?)",
        ),
        (
            "period",
            "    then: {status: none}",
            "    then: {status: nothing}",
            "tables/period.yaml:13: status of row PE-01 cannot be 'nothing' (known: offer, none)",
        ),
        (
            "period",
            "    then: {status: none}",
            "    then: {status: none, lenght: period.usual}",
            "tables/period.yaml:13: row PE-01 gives lenght, which is no output (did you mean length?)",
        ),
        (
            "period",
            "    then: {status: none}",
            "    then: {length: period.usual}",
            "tables/period.yaml:13: row PE-01 gives no status (give it, or declare the output optional)",
        ),
        (
            "period",
            "length: period.usual",
            "length: period.usal",
            "tables/period.yaml:18: length of row PE-02 cannot be 'period.usal' (did you mean period.usual?)",
        ),
        (
            "period",
            "length: period.usual",
            "length: office.opens",
            (
                "tables/period.yaml:18: the parameter office.opens is no term (in line 23 of the parameters it is "
                "09:00; a term reads like 3 months)"
            ),
        ),
        ("period", '    source: [{cite: "An act, article 3"}]\n', "", "tables/period.yaml:11: row PE-01 has no source"),
        (
            "period",
            '[{cite: "An act, article 3"}]',
            "[]",
            'tables/period.yaml:14: row PE-01 has no source (add source: [{cite: "..."}])',
        ),
        (
            "period",
            '[{cite: "An act, article 3"}]',
            "[{jci: x}]",
            "tables/period.yaml:14: a source of row PE-01 has no cite",
        ),
        (
            "period",
            "    status: sourced\n",
            "    status: source\n",
            "tables/period.yaml:15: the status of row PE-01 cannot be 'source' (did you mean sourced?)",
        ),
        ("period", "  - id: PE-01\n    when", "  - when", "tables/period.yaml:11: a row has no id"),
        ("period", "id: PE-02", "id: PE-01", "tables/period.yaml:16: the row PE-01 exists already (in line 11)"),
        (
            "period",
            "id: PE-02",
            "id: 12",
            "tables/period.yaml:16: the id of a row is a number, not a text (put quotes around it)",
        ),
        (
            "period",
            "id: PE-02",
            "id: PE 02",
            "tables/period.yaml:16: the id of a row cannot be 'PE 02' (letters and digits with hyphens, like SH-09a)",
        ),
        (
            "period",
            "    status: sourced\n",
            "    status: sourced\n    valid_from: 2023-05-18\n    valid_to: 2023-05-17\n",
            (
                "tables/period.yaml:17: row PE-01 ends on 2023-05-17 before it starts on 2023-05-18 "
                "(exchange the two days?)"
            ),
        ),
        (
            "period",
            "    status: sourced\n",
            "    status: sourced\n    valid_from: 2026-02-30\n",
            "tables/period.yaml:16: the first day of row PE-01 is no date (that month has 28 days)",
        ),
        (
            "period",
            "[citizenship, detention]",
            "[citizenship, detention, colour]",
            (
                "tables/period.yaml:6: the table period reads colour, which nothing gives (known: citizenship, "
                "age, detention, exploitation.sexual, exploitation.labour, exploitation.unknown, "
                "consent.registration, consent.placement, accepted_on.told, received_at.told, found_in.told, "
                "return_country.told, route, shelter.type, shelter.next)"
            ),
        ),
        (
            "period",
            "[citizenship, detention]",
            "[citizenship, detention, detention]",
            "tables/period.yaml:6: the input detention stands here twice",
        ),
        (
            "period",
            "[citizenship, detention]",
            "[citizenship, detention, accepted_on]",
            (
                "tables/period.yaml:6: the table period reads accepted_on, which nothing gives "
                "(did you mean accepted_on.told?)"
            ),
        ),
        (
            "shelter",
            "age: ..17",
            "age: ..130",
            "tables/shelter.yaml:13: ..130 lies outside the bounds of age (age lies in 0..120, unknown)",
        ),
        (
            "shelter",
            "period.status, route",
            "perod.status, route",
            (
                "tables/shelter.yaml:7: the table shelter reads perod.status, which nothing gives (did you mean "
                "period.status?)"
            ),
        ),
        (
            "shelter",
            "period.status, route",
            "period.status, period.length, route",
            "tables/shelter.yaml:7: the table shelter cannot read period.length: it names a parameter",
        ),
        ("shelter", "optional: true", "optional: yes", "tables/shelter.yaml:10: optional of next is true or false"),
        (
            "shelter",
            "[youth, special",
            "[youth, youth, special",
            "tables/shelter.yaml:9: youth stands twice in the values of type",
        ),
        (
            "shelter",
            "why_first: {en: The exception stands above the rule.}\n",
            "",
            (
                "tables/shelter.yaml:4: a first table must say why the order of its rows decides (add "
                "why_first, or make it unique)"
            ),
        ),
    ],
)
def test_one_mistake_in_a_table_gives_one_message_in_its_line(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, **{file: changed(file, old, new)}) == [mistake]
