"""Shows who may read what and why: each line with its purpose, its grounds and the reason for every fact."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from service.cli.rules_screen import cited, heading, indented, status_text
from service.cli.words import Language, in_language, pick, said
from service.routing.disclosure import Disclosure, Ground, Line, Process, Told
from service.routing.engine.table import Source
from service.routing.rule_set import RuleSet

Json = dict[str, object]

DISCLOSURE = "disclosure"


def disclosure_json(disclosure: Disclosure) -> Json:
    """Give every line as JSON, with the purposes and grounds that lines name."""
    return {
        "processes": {one.name: _process_json(one) for one in disclosure.processes.values()},
        "grounds": {one.name: _ground_json(one) for one in disclosure.grounds.values()},
        "lines": [_line_json(one) for one in disclosure.lines],
    }


def disclosure_parts(rule_set: RuleSet, language: Language) -> Iterator[RenderableType]:
    """Give the screen of all lines, one under the other."""
    promise = ("Wat hier niet staat, gaat nergens heen.", "What does not stand here goes nowhere.")
    yield Text(pick(promise, language), style="green")
    yield heading(pick(("Gronden", "Grounds"), language))
    for ground in rule_set.disclosure.grounds.values():
        yield indented(Text.assemble((in_language(ground.text, language), "bold"), "  ", _status(ground, language)))
        yield indented(Text("\n".join(map(cited, ground.sources)), style="dim"), 4)
    for line in rule_set.disclosure.lines:
        yield heading(title(line, language))
        yield indented(Text(f"{in_language(line.process.purpose, language)}; {either(line.grounds, language)}"))
        for one in line.told:
            yield indented(_group(rule_set, one, language), 4)
        if not line.told:
            nothing = pick(("geen enkel feit", "no fact at all"), language)
            yield indented(Text(nothing, style="dim"), 4)


def title(line: Line, language: Language) -> str:
    """Say to whom and what a line is about."""
    to, content = said("notifications.to", line.to, language), said("notifications.content", line.content, language)
    return f"{to}: {content} ({', '.join(line.rules)})" if line.rules else f"{to}: {content}"


def either(grounds: tuple[Ground, ...], language: Language) -> str:
    """Say the grounds any one of which is enough."""
    last = pick((" of ", " or "), language)
    return last.join(in_language(one.text, language) for one in grounds)


def _group(rule_set: RuleSet, one: Told, language: Language) -> Text:
    labels = (in_language(rule_set.vocabulary.facts[name].label, language) for name in one.names)
    needs = pick(("alleen met: ", "only with: "), language)
    return Text.assemble(
        ", ".join(labels),
        f" [{needs}{either(one.grounds, language)}]" if one.grounds else "",
        "\n",
        (in_language(one.why, language), "dim"),
        "  ",
        status_text(one.status, language),
    )


def _status(ground: Ground, language: Language) -> Text:
    return status_text(ground.status, language)


def _process_json(one: Process) -> Json:
    sources = _sources_json(one.sources)
    return {
        "purpose": dict(one.purpose),
        "retention": one.retention,
        "status": str(one.status),
        "sources": sources,
        "line": one.line,
    }


def _ground_json(one: Ground) -> Json:
    return {
        "text": dict(one.text),
        "when": {column: str(cell) for column, cell in one.when.items()},
        "status": str(one.status),
        "sources": _sources_json(one.sources),
    }


def _line_json(line: Line) -> Json:
    return {
        "to": line.to,
        "content": line.content,
        "rules": list(line.rules),
        "process": line.process.name,
        "grounds": [one.name for one in line.grounds],
        "facts": [_told_json(one) for one in line.told],
        "line": line.line,
    }


def _told_json(one: Told) -> Json:
    return {
        "names": list(one.names),
        "grounds": [ground.name for ground in one.grounds],
        "why": dict(one.why),
        "status": str(one.status),
    }


def _sources_json(sources: tuple[Source, ...]) -> list[Json]:
    return [{"cite": one.cite, "jci": one.jci, "url": one.url, "note": one.note} for one in sources]
