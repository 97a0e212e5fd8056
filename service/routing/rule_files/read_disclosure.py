"""Reads disclosure.yaml: for which work data is used, on which grounds it leaves, and who may read what and why."""

from collections.abc import Collection
from typing import Final

from service.routing.disclosure import Disclosure, Ground, Line, Process, Told
from service.routing.rule_files.read_sources import read_sources, read_status
from service.routing.rule_files.read_when import Domains, read_when
from service.routing.text.entries import entries, in_languages, listed, named, one_word, text
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-disclosure/2"
_SECTIONS: Final = ("processes", "grounds", "lines")


def read_disclosure(
    document: Node, facts: Collection[str] | None, columns: Domains | None, mistakes: list[Mistake]
) -> Disclosure:
    """Read the whole file.

    Args:
        document: the file as a tree.
        facts: names of the facts that exist; None when the file of facts could not be read.
        columns: what grounds can read; None when other mistakes hide that.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", *_SECTIONS), thing="a file of disclosure")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    reader = _Reader(facts, columns, mistakes)
    if "processes" in parts:
        for name, node in named(parts["processes"], mistakes, "processes"):
            reader.processes[name] = reader.process(name, node)
    if "grounds" in parts:
        for name, node in named(parts["grounds"], mistakes, "grounds"):
            reader.grounds[name] = reader.ground(name, node)
    lines = [reader.line(node) for node in listed(parts.get("lines"), mistakes, "lines")]
    return Disclosure(reader.processes, reader.grounds, tuple(line for line in lines if line is not None))


class _Reader:
    """Reads one entry after the other."""

    def __init__(self, facts: Collection[str] | None, columns: Domains | None, mistakes: list[Mistake]) -> None:
        self.processes: dict[str, Process] = {}
        self.grounds: dict[str, Ground] = {}
        self._facts = facts
        self._columns = columns
        self._mistakes = mistakes

    def process(self, name: str, node: Node) -> Process:
        thing, mistakes = f"the process {name}", self._mistakes
        parts = entries(node, mistakes, required=("purpose", "source", "retention", "status"), thing=thing)
        return Process(
            name=name,
            purpose=in_languages(parts.get("purpose"), mistakes, f"the purpose of {thing}"),
            sources=read_sources(parts.get("source"), node, mistakes, thing) if "source" in parts else (),
            retention=text(parts.get("retention"), mistakes, f"the retention of {thing}") or "",
            status=read_status(parts.get("status"), mistakes, thing),
            line=parts["retention"].line if "retention" in parts else node.line,
        )

    def ground(self, name: str, node: Node) -> Ground:
        thing, mistakes = f"the ground {name}", self._mistakes
        parts = entries(node, mistakes, required=("text", "when", "source", "status"), thing=thing)
        known = self._columns
        return Ground(
            name=name,
            text=in_languages(parts.get("text"), mistakes, f"the text of {thing}"),
            when={} if known is None else read_when(parts.get("when"), known, mistakes, thing),
            sources=read_sources(parts.get("source"), node, mistakes, thing) if "source" in parts else (),
            status=read_status(parts.get("status"), mistakes, thing),
        )

    def line(self, node: Node) -> Line | None:
        required = ("to", "content", "process", "grounds", "facts")
        parts = entries(node, self._mistakes, required=required, optional=("rules",), thing="a line")
        to, content = (text(parts.get(one), self._mistakes, f"{one} of a line") for one in ("to", "content"))
        thing = f"the line of {to} and {content}"
        process = one_word(parts.get("process"), self._mistakes, f"the process of {thing}", self.processes)
        rules = [
            text(one, self._mistakes, f"a rule of {thing}")
            for one in listed(parts.get("rules"), self._mistakes, f"the rules of {thing}")
        ]
        grounds = self._grounds(parts.get("grounds"), thing)
        if not grounds and "grounds" in parts:
            self._mistakes.append(parts["grounds"].mistake(f"{thing} stands on no ground, so nothing would leave"))
        told = [self._told(one, thing) for one in listed(parts.get("facts"), self._mistakes, f"the facts of {thing}")]
        self._refuse_twins(told, node, thing)
        if to is None or content is None or process not in self.processes:
            return None
        return Line(
            to=to,
            content=content,
            rules=tuple(rule for rule in rules if rule is not None),
            process=self.processes[process],
            grounds=grounds,
            told=tuple(told),
            file=node.file,
            line=node.line,
        )

    def _told(self, node: Node, thing: str) -> Told:
        required = ("names", "why", "status")
        parts = entries(node, self._mistakes, required=required, optional=("grounds",), thing=f"a group of {thing}")
        found = [self._fact(one, thing) for one in listed(parts.get("names"), self._mistakes, f"the facts of {thing}")]
        return Told(
            names=tuple(name for name in found if name is not None),
            grounds=self._grounds(parts.get("grounds"), thing),
            why=in_languages(parts.get("why"), self._mistakes, f"the reason of {thing}"),
            status=read_status(parts.get("status"), self._mistakes, thing),
        )

    def _fact(self, node: Node, thing: str) -> str | None:
        if self._facts is None:
            return text(node, self._mistakes, f"a fact of {thing}")
        said = one_word(node, self._mistakes, f"a fact of {thing}", self._facts)
        return said if said in self._facts else None

    def _grounds(self, node: Node | None, thing: str) -> tuple[Ground, ...]:
        said = [
            one_word(one, self._mistakes, f"a ground of {thing}", self.grounds)
            for one in listed(node, self._mistakes, f"the grounds of {thing}")
        ]
        return tuple(self.grounds[name] for name in said if name in self.grounds)

    def _refuse_twins(self, told: list[Told], node: Node, thing: str) -> None:
        names = [name for one in told for name in one.names]
        for name in sorted({one for one in names if names.count(one) > 1}):
            self._mistakes.append(node.mistake(f"{thing} names {name} twice", "one reason for each fact"))
