"""Whoever writes rules and reads Dutch is told in Dutch what is wrong, whatever it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.routing.text.in_dutch import hint_in_dutch, in_dutch
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_syntax import _FRIENDLY, _UNSEEN

ROUTING = Path(__file__).parents[3] / "service" / "routing"
OF_OTHERS = {"interchange", "changes"}
"""What is told of tables of others names elements of their files."""
MAKERS = {"mistake": 0, "key_mistake": 1, "_wrong": 1, "Mistake": 2}
"""Who makes a mistake out of a sentence, and as which of its arguments."""
MADE_OF_OTHERS = {"the row x can never apply: x", "x of the table x can be x, and x"}
"""Sentences whose second half is one of a few; each whole is known."""


def sentences() -> Iterator[tuple[str, str]]:
    """Give every sentence that the code can say of rules, with a word in each gap."""
    for file in sorted(ROUTING.rglob("*.py")):
        if OF_OTHERS.isdisjoint(file.relative_to(ROUTING).parts):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                yield from ((file.name, said) for said in _said(node))


def _said(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in MAKERS and len(node.args) > MAKERS[name]:
            said = _filled(node.args[MAKERS[name]])
            yield from [] if said is None else [said]
    elif isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "what" for one in node.targets):
        yield from [] if (said := _filled(node.value)) is None else [said]


def _filled(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in node.values)


def test_every_sentence_about_rules_has_its_dutch() -> None:
    told = [*sentences(), *(("yaml", what) for _, what, _ in (*_FRIENDLY, *_UNSEEN))]

    assert len(told) > 120
    assert {(file, what) for file, what in told if in_dutch(what.replace("line x", "line 3")) is None} <= {
        (file, what) for file, what in told if what in MADE_OF_OTHERS
    }


@pytest.mark.parametrize(
    ("what", "hint", "dutch"),
    [
        (
            "the first day of a value of reflection.dublin is no date",
            "did you mean 2023-05-18?",
            "de eerste dag van een waarde van reflection.dublin is geen datum (bedoelde u 2023-05-18?)",
        ),
        (
            "the status of row SH-20 cannot be 'aangenomen'",
            "did you mean assumed?",
            "de status van regel SH-20 kan niet 'aangenomen' zijn (bedoelde u assumed?)",
        ),
        ("type of row SH-22 cannot be 'geen'", None, "type van regel SH-22 kan niet 'geen' zijn"),
        (
            "coa_safe cannot be the boolean true",
            "write yes",
            "coa_safe kan niet de waarheidswaarde true zijn (schrijf yes)",
        ),
        (
            "row SH-20 has no source",
            'add source: [{cite: "..."}]',
            'regel SH-20 heeft geen bron (voeg source: [{cite: "..."}] toe)',
        ),
        ("this text has no Dutch", "add nl: ...", "deze tekst heeft geen Nederlandse tekst (voeg nl: ... toe)"),
        ("the row SH-20 exists already", "in line 30", "regel SH-20 bestaat al (op regelnummer 30)"),
        (
            "the table shelter reads colour, which nothing gives",
            None,
            "de tabel shelter leest colour, en niets geeft dat",
        ),
        (
            "citizenship does not know this value",
            "did you mean dutch?",
            "citizenship kent deze waarde niet (bedoelde u dutch?)",
        ),
        ("a mapping that was opened with { is not closed", None, "een koppel dat met { begon, is niet gesloten"),
    ],
)
def test_a_sentence_and_what_was_meant_are_told_in_dutch_below_the_english(
    what: str, hint: str | None, dutch: str
) -> None:
    english, below = Mistake("f.yaml", 3, what, hint).in_both().splitlines()

    assert english.startswith(f"f.yaml:3: {what}")
    assert below == f"  {dutch}"


def test_what_has_no_dutch_is_told_in_english_alone() -> None:
    assert in_dutch("something else altogether") is None
    assert hint_in_dutch("something else altogether") is None
