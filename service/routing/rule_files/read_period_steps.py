"""Reads period_steps.yaml: who establishes which step of the reflection period."""

from collections.abc import Collection
from typing import Final

from service.routing.facts.vocabulary import Vocabulary
from service.routing.period_steps import ANYBODY, PeriodStep, PeriodSteps
from service.routing.rule_files.read_sources import read_sources, read_status
from service.routing.text.entries import entries, in_languages, listed, named, one_word, text
from service.routing.text.mistakes import Mistake, meant
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-period-steps/1"

_PARTS: Final = ("establishes", "label", "who", "source", "status")


def kinds_of_organisations(vocabulary: Vocabulary, told: Collection[str] | None) -> frozenset[str] | None:
    """Give the kinds of organisations that the rules know: those that report and those that are told something.

    Args:
        vocabulary: the facts, among which is who reports.
        told: who can be told something; None when no table says so, and then nobody can tell which kinds there are.
    """
    reporter = vocabulary.facts.get("reporter")
    return None if told is None else frozenset(reporter.values if reporter else ()) | frozenset(told)


def read_period_steps(
    document: Node, facts: Collection[str], kinds: Collection[str] | None, mistakes: list[Mistake]
) -> PeriodSteps:
    """Read the whole file.

    Args:
        document: the file as a tree.
        facts: the facts that exist; each step has one for its day.
        kinds: the kinds of organisations that the rules know; None when they cannot be told.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", "steps"), thing="a file of steps")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    days = {fact.removesuffix("_on") for fact in facts if fact.endswith("_on")}
    found: dict[str, PeriodStep] = {}
    for name, node in named(parts["steps"], mistakes, "steps") if "steps" in parts else ():
        if name not in days:
            mistakes.append(node.mistake(f"no fact is the day of the step {name}", meant(name, days)))
        found[name] = _step(name, node, None if kinds is None else (ANYBODY, *sorted(kinds)), mistakes)
    return found


def _step(name: str, node: Node, kinds: Collection[str] | None, mistakes: list[Mistake]) -> PeriodStep:
    thing = f"the step {name}"
    parts = entries(node, mistakes, required=_PARTS, thing=thing)
    who = listed(parts.get("establishes"), mistakes, f"who establishes {thing}")
    said = f"who establishes {thing}"
    words = (text(item, mistakes, said) if kinds is None else one_word(item, mistakes, said, kinds) for item in who)
    return PeriodStep(
        name=name,
        establishes=tuple(word for word in words if word is not None),
        label=in_languages(parts.get("label"), mistakes, f"the label of {thing}"),
        who=in_languages(parts.get("who"), mistakes, f"the sentence of {thing}"),
        sources=read_sources(parts.get("source"), node, mistakes, thing),
        status=read_status(parts.get("status"), mistakes, thing),
    )
