"""Reads explanation.yaml: the words in which decisions are explained, per audience and language."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Choice
from service.routing.engine.table import NONE
from service.routing.facts.vocabulary import Vocabulary
from service.routing.rule_set import Phrases
from service.routing.text.entries import Words, entries, in_languages, one_word
from service.routing.text.mistakes import Mistake, meant
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-explanation/1"
SLOTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "professional": {
        "title": ("day",),
        "rule": ("table", "outcome", "row", "status"),
        "period": ("starts", "ends"),
        "note": ("note",),
        "sources": ("sources",),
        "columns": ("columns",),
        "facts": ("facts",),
        "more_facts": ("facts",),
        "obstacle": ("outcome", "row", "obstacles"),
        "obstacle_cell": ("column", "wanted", "found"),
        "change": ("changes", "outcome", "row"),
        "no_change": (),
        "no_difference": ("facts",),
        "proved": ("statement",),
        "questions": ("questions",),
        "settled": (),
    },
    "person": {
        "title": ("day",),
        "rule": ("outcome",),
        "period": ("starts", "ends"),
        "sources": ("sources",),
        "facts": ("facts",),
        "more_facts": ("facts",),
        "no_difference": ("facts",),
        "questions": ("questions",),
        "help": (),
        "wrong": (),
    },
}
"""The sentences of each audience and what can be filled into them."""

_OUTCOME_SLOTS: Final = ("length",)
_SLOT: Final = re.compile(r"\{([^{}]*)\}")


def read_phrases(
    document: Node, tables: Mapping[str, CompiledTable], vocabulary: Vocabulary | None, mistakes: list[Mistake]
) -> Phrases:
    """Read the whole file.

    Args:
        document: the file as a tree.
        tables: the tables, by whose outcomes words are kept.
        vocabulary: the facts and derived values; None when the file of facts could not be read.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", "sentences", "outcomes"), thing="a file of explanations")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    sentences: dict[str, Mapping[str, Words]] = {}
    audiences = entries(parts["sentences"], mistakes, required=tuple(SLOTS), thing="the sentences") if parts else {}
    for audience, node in audiences.items():
        told = entries(node, mistakes, required=tuple(SLOTS[audience]), thing=f"the sentences for a {audience}")
        sentences[audience] = {
            name: _filled(value, SLOTS[audience][name], mistakes, f"the sentence {name}")
            for name, value in told.items()
        }
    # Where facts or tables are mistaken themselves, the words for their outcomes are not blamed as well.
    known = {} if vocabulary is None else dict(_places(tables, vocabulary))
    outcomes = dict(_outcomes(parts["outcomes"], known, mistakes)) if known and "outcomes" in parts else {}
    return Phrases(sentences, outcomes)


def _outcomes(
    node: Node, known: Mapping[str, tuple[str, ...]], mistakes: list[Mistake]
) -> Iterator[tuple[str, Mapping[str, Mapping[str, Words]]]]:
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake("the outcomes must be a mapping", "{table.outcome: {value: {...}}}"))
        return
    for place, values in node.value.items():
        if place not in known:
            mistakes.append(node.key_mistake(place, f"no table gives {place}", meant(place, known)))
            continue
        said = entries(values, mistakes, optional=known[place], thing=f"the words of {place}")
        yield place, {value: _audiences(one, mistakes, f"{value} of {place}") for value, one in said.items()}


def _audiences(node: Node, mistakes: list[Mistake], thing: str) -> Mapping[str, Words]:
    parts = entries(node, mistakes, required=("professional",), optional=("person",), thing=thing)
    return {audience: _filled(one, _OUTCOME_SLOTS, mistakes, thing) for audience, one in parts.items()}


def _filled(node: Node, slots: tuple[str, ...], mistakes: list[Mistake], thing: str) -> Words:
    words = in_languages(node, mistakes, thing)
    hint = f"{{{slots[0]}}}" if slots else "nothing is filled in here"
    strange = [slot for said in words.values() for slot in _SLOT.findall(said) if slot not in slots]
    mistakes.extend(node.mistake(f"{thing} cannot fill in {{{slot}}}", hint) for slot in strange)
    return words


def _places(tables: Mapping[str, CompiledTable], vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, compiled in tables.items():
        for output in compiled.table.outputs.values():
            yield f"{name}.{output.name}", (*output.values, NONE)
    for name, derived in vocabulary.derived.items():
        if isinstance(derived.domain, Choice):
            yield name, derived.domain.values
