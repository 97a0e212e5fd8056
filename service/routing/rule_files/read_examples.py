"""Reads examples/: stories with facts and what must follow from them."""

from collections.abc import Mapping
from typing import Final

from service.routing.facts.answers import answers_in
from service.routing.facts.vocabulary import Vocabulary
from service.routing.rule_files.read_sources import read_status
from service.routing.rule_set import Example
from service.routing.text.entries import day, entries, in_languages, listed, one_word, text
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-examples/1"
_REQUIRED: Final = ("id", "story", "on", "facts", "expect")
_OPTIONAL: Final = ("absent", "status", "rules", "note")


def read_examples(document: Node, vocabulary: Vocabulary | None, mistakes: list[Mistake]) -> tuple[Example, ...]:
    """Read one file of examples.

    Args:
        document: the file as a tree.
        vocabulary: which facts exist; None when the file of facts could not be read.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", "examples"), thing="a file of examples")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    found = []
    for node in listed(parts.get("examples"), mistakes, "examples"):
        example = _example(node, vocabulary, mistakes)
        if example is not None:
            found.append(example)
    return tuple(found)


def _example(node: Node, vocabulary: Vocabulary | None, mistakes: list[Mistake]) -> Example | None:
    parts = entries(node, mistakes, required=_REQUIRED, optional=_OPTIONAL, thing="an example")
    name = text(parts.get("id"), mistakes, "the id of an example")
    thing = f"example {name}"
    on = day(parts.get("on"), mistakes, f"the day of {thing}")
    story = in_languages(parts.get("story"), mistakes, f"the story of {thing}")
    note = in_languages(parts.get("note"), mistakes, f"the note of {thing}")
    status = read_status(parts.get("status"), mistakes, thing)
    rules = [
        text(item, mistakes, f"a rule of {thing}") for item in listed(parts.get("rules"), mistakes, f"rules of {thing}")
    ]
    expect = _expectation(parts.get("expect"), mistakes, f"expect of {thing}")
    absent = _expectation(parts.get("absent"), mistakes, f"absent of {thing}")
    facts = answers_in(parts["facts"], vocabulary, mistakes) if vocabulary is not None and "facts" in parts else None
    if name is None or on is None or facts is None:
        return None
    return Example(
        id=name,
        story=story,
        on=on,
        facts=facts,
        expect=expect,
        absent=absent,
        note=note,
        status=status,
        rules=tuple(rule for rule in rules if rule is not None),
        file=node.file,
        line=node.line,
    )


def _expectation(node: Node | None, mistakes: list[Mistake], thing: str) -> Mapping[str, object]:
    if node is None:
        return {}
    if isinstance(node.value, dict):
        return {key: value.plain() for key, value in node.value.items()}
    mistakes.append(node.mistake(f"{thing} must be a mapping"))
    return {}
