"""Reads what explanations may not do, the part `explaining` of facts.yaml."""

from collections.abc import Collection

from service.routing.facts.vocabulary import Guard, Guards
from service.routing.text.entries import entries, in_languages, listed, one_word
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node

_GUARDS = ("protected", "own_choice", "in_person_only")


def read_guards(node: Node | None, facts: Collection[str], mistakes: list[Mistake]) -> Guards:
    """Read which facts are guarded, and why.

    Args:
        node: the entry `explaining`, None when it is left out and nothing is guarded.
        facts: names of the facts and derived values that exist.
        mistakes: where mistakes are added.
    """
    if node is None:
        return Guards()
    parts = entries(node, mistakes, required=_GUARDS, thing="what explanations may not do")
    return Guards(**{name: _guard(name, part, facts, mistakes) for name, part in parts.items()})


def _guard(name: str, node: Node, facts: Collection[str], mistakes: list[Mistake]) -> Guard:
    parts = entries(node, mistakes, required=("facts", "why"), thing=f"the guard {name}")
    items = listed(parts.get("facts"), mistakes, f"the facts of {name}")
    named = [one_word(item, mistakes, f"a fact of {name}", facts) for item in items]
    return Guard(
        tuple(dict.fromkeys(fact for fact in named if fact is not None)),
        in_languages(parts.get("why"), mistakes, f"the reason of {name}"),
    )
