"""Reads mechanism.yaml: the overview of all rules of the mechanism, by subject.

It decides nothing, so the service does not read it when it starts; the overview of coverage does.
"""

from pathlib import Path
from typing import Final

from service.routing.mechanism import Group, MechanismRule
from service.routing.rule_files.load import OVERVIEW
from service.routing.rule_files.read_sources import optional_sources, read_status
from service.routing.text.entries import entries, in_languages, listed, one_word, text
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node, read_document

SCHEMA: Final = "nrm-mechanism/1"


def read_mechanism(folder: Path, mistakes: list[Mistake]) -> tuple[Group, ...]:
    """Read the overview that stands beside the rules.

    Args:
        folder: the folder of the rules.
        mistakes: where mistakes are added; a folder without an overview is one.
    """
    path = folder / OVERVIEW
    if not path.is_file():
        mistakes.append(Mistake(str(path), 1, "these rules have no overview of the mechanism"))
        return ()
    document = read_document(path, str(path), mistakes)
    if document is None:
        return ()
    parts = entries(document, mistakes, required=("schema", "groups"), thing="an overview of the mechanism")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    return tuple(_group(node, mistakes) for node in listed(parts.get("groups"), mistakes, "groups"))


def _group(node: Node, mistakes: list[Mistake]) -> Group:
    parts = entries(node, mistakes, required=("group", "title", "rules"), thing="a group of rules")
    name = text(parts.get("group"), mistakes, "the name of a group") or ""
    title = in_languages(parts.get("title"), mistakes, f"the title of {name}")
    rules = [_rule(item, mistakes) for item in listed(parts.get("rules"), mistakes, f"the rules of {name}")]
    return Group(name, title, tuple(rules))


def _rule(node: Node, mistakes: list[Mistake]) -> MechanismRule:
    optional = ("source", "status", "in_rows", "works_in", "tests")
    parts = entries(node, mistakes, required=("id", "says"), optional=optional, thing="a rule of the mechanism")
    name = text(parts.get("id"), mistakes, "the id of a rule") or ""
    return MechanismRule(
        name,
        in_languages(parts.get("says"), mistakes, f"what {name} says"),
        optional_sources(parts.get("source"), mistakes, name),
        read_status(parts["status"], mistakes, name) if "status" in parts else None,
        _texts(parts.get("in_rows"), mistakes, f"the rows of {name}"),
        _texts(parts.get("works_in"), mistakes, f"where {name} works"),
        _texts(parts.get("tests"), mistakes, f"the tests of {name}"),
        node.file,
        node.line,
    )


def _texts(node: Node | None, mistakes: list[Mistake], thing: str) -> tuple[str, ...]:
    said = (text(item, mistakes, thing) for item in listed(node, mistakes, thing))
    return tuple(one for one in said if one is not None)
