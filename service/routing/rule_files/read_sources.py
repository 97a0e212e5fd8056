"""Reads what every row of law carries: its sources, its status, its days of validity."""

from datetime import date

from service.routing.engine.table import Source, Status
from service.routing.text.entries import day, entries, listed, one_word, text
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node

STATUSES = tuple(Status)


def read_sources(node: Node | None, owner: Node, mistakes: list[Mistake], thing: str) -> tuple[Source, ...]:
    """Read a list of sources that must not be empty.

    Args:
        node: the entry `source`, None when it is left out.
        owner: what needs the source; a missing source is a mistake in its line.
        mistakes: where mistakes are added.
        thing: how mistakes call the owner.
    """
    items = listed(node, mistakes, f"the source of {thing}")
    if not items and (node is None or isinstance(node.value, list)):
        mistakes.append((node or owner).mistake(f"{thing} has no source", 'add source: [{cite: "..."}]'))
    return optional_sources(node, mistakes, thing) if items else ()


def optional_sources(node: Node | None, mistakes: list[Mistake], thing: str) -> tuple[Source, ...]:
    """Read a list of sources that may be left out.

    Args:
        node: the entry `source`, None when it is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the owner.
    """
    found = []
    for item in listed(node, mistakes, f"the source of {thing}"):
        parts = entries(
            item, mistakes, required=("cite",), optional=("jci", "url", "note"), thing=f"a source of {thing}"
        )
        said = {key: text(part, mistakes, f"{key} of a source of {thing}") for key, part in parts.items()}
        if (cite := said.get("cite")) is not None:
            found.append(Source(cite, said.get("jci"), said.get("url"), said.get("note")))
    return tuple(found)


def read_status(node: Node | None, mistakes: list[Mistake], thing: str) -> Status:
    """Read how well something is founded; a mistake gives `assumed`, the weakest claim.

    Args:
        node: the entry `status`, None when it is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the owner.
    """
    said = one_word(node, mistakes, f"the status of {thing}", STATUSES)
    return Status(said) if said is not None else Status.ASSUMED


def read_days(
    first: Node | None, last: Node | None, mistakes: list[Mistake], thing: str
) -> tuple[date | None, date | None]:
    """Read the first and the last day of validity, both included.

    Args:
        first: the entry with the first day, None when it is left out.
        last: the entry with the last day, None when it is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the owner.
    """
    start = day(first, mistakes, f"the first day of {thing}")
    end = day(last, mistakes, f"the last day of {thing}")
    if start is not None and end is not None and last is not None and start > end:
        mistakes.append(last.mistake(f"{thing} ends on {end} before it starts on {start}", "exchange the two days?"))
        return start, start
    return start, end
