"""Reads disclosure.yaml: which facts each kind of message may carry, and why."""

from collections.abc import Collection, Mapping
from typing import Final

from service.routing.rule_files.read_sources import read_status
from service.routing.rule_set import Disclosure
from service.routing.text.entries import entries, in_languages, listed, named, one_word, text
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-disclosure/1"


def read_disclosure(document: Node, facts: Collection[str] | None, mistakes: list[Mistake]) -> Mapping[str, Disclosure]:
    """Read the whole file.

    Args:
        document: the file as a tree.
        facts: names of the facts that exist; None when the file of facts could not be read.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", "content"), thing="a file of disclosure")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    found: dict[str, Disclosure] = {}
    for content, node in named(parts["content"], mistakes, "contents") if "content" in parts else ():
        found[content] = _disclosure(content, node, facts, mistakes)
    return found


def _disclosure(content: str, node: Node, facts: Collection[str] | None, mistakes: list[Mistake]) -> Disclosure:
    thing = f"the content {content}"
    parts = entries(node, mistakes, required=("facts", "basis", "status", "why"), optional=("rules",), thing=thing)
    own = parts["rules"].value if "rules" in parts and isinstance(parts["rules"].value, dict) else {}
    return Disclosure(
        content=content,
        facts=_facts(parts.get("facts"), facts, mistakes, thing),
        basis=text(parts.get("basis"), mistakes, f"the basis of {thing}") or "",
        status=read_status(parts.get("status"), mistakes, thing),
        why=in_languages(parts.get("why"), mistakes, f"the reason of {thing}"),
        by_rule={rule: _facts(listing, facts, mistakes, f"{thing} by {rule}") for rule, listing in own.items()},
    )


def _facts(
    node: Node | None,
    facts: Collection[str] | None,
    mistakes: list[Mistake],
    thing: str,
) -> tuple[str, ...]:
    names = [_fact(item, facts, mistakes, thing) for item in listed(node, mistakes, f"the facts of {thing}")]
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _fact(node: Node, facts: Collection[str] | None, mistakes: list[Mistake], thing: str) -> str | None:
    if facts is None:
        return text(node, mistakes, f"a fact of {thing}")
    return one_word(node, mistakes, f"a fact of {thing}", facts)
