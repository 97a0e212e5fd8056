"""`nrm rules explain`: why the rules say what they say, for somebody who works on the case or for the person."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar

import typer
from rich.console import RenderableType
from rich.text import Text

from service.cli.rules.asked import STANDARD_INPUT, Json, Lang, Rules, answers_in, day_of, rules_in, today
from service.cli.rules_screen import heading, indented, print_json, show
from service.cli.words import Language, said
from service.kernel.errors import DomainError, Kind
from service.routing.explanation.as_data import as_data
from service.routing.explanation.explain import explain as explain_on
from service.routing.explanation.explained import Audience, Explanation
from service.routing.explanation.sentences import paragraphs
from service.routing.facts.answers import Answers
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import meant


class NoSuchCase(DomainError):
    """What is to be explained is neither a file nor the name of an example."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "no-such-case"
    title: ClassVar[str] = "There is no such file and no such example"


def explain(
    facts: Annotated[
        str, typer.Argument(help="File of facts, YAML 1.2 or JSON, or the name of an example; - reads standard input.")
    ],
    on: Annotated[
        str | None,
        typer.Option(
            "--on", help="Local day to decide on, YYYY-MM-DD; today, or the day of the example, when left out."
        ),
    ] = None,
    audience: Annotated[Audience, typer.Option("--for", help="Who reads the explanation.")] = Audience.PROFESSIONAL,
    as_json: Json = False,
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Explain what follows from facts: the rows and their sources, what mattered, and what would change it."""
    rule_set = rules_in(rules)
    answers, day = _asked(facts, rule_set)
    explanation = explain_on(rule_set, answers, day_of(on) or day, audience)
    if as_json:
        print_json(as_data(rule_set, explanation, lang))
    else:
        show(_screen(rule_set, explanation, lang))


def _asked(facts: str, rule_set: RuleSet) -> tuple[Answers, date]:
    example = next((one for one in rule_set.examples if one.id == facts), None)
    if example is not None:
        return example.facts, example.on
    if facts != STANDARD_INPUT and not Path(facts).exists():
        hint = meant(facts, [one.id for one in rule_set.examples])
        raise NoSuchCase(f"there is no file {facts} and no example of this name; {hint}")
    return answers_in(facts, rule_set), today()


def _screen(rule_set: RuleSet, explanation: Explanation, language: Language) -> Iterator[RenderableType]:
    for paragraph in paragraphs(rule_set, explanation, language):
        if paragraph.part is not None:
            yield heading(said("part", paragraph.part, language))
        elif paragraph.sentences:
            yield Text()
        for sentence in paragraph.sentences:
            yield indented(Text(sentence), 2 if paragraph.part else 0)
