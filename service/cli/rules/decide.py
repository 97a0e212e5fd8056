"""`nrm rules decide`: what follows from a file of facts."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from service.cli.rules.asked import Json, Lang, Rules, day_of, rules_in, today
from service.cli.rules_screen import print_json, show
from service.cli.show_decision import DecisionScreen
from service.cli.show_trace import blocked_json, trace_parts
from service.cli.words import Language
from service.routing.decide import decide as decide_on
from service.routing.facts.answers import Answers, read_answers_file
from service.routing.rule_set import RuleSet

_STANDARD_INPUT: Final = "-"


def decide(
    facts: Annotated[str, typer.Argument(help="File of facts, YAML 1.2 or JSON; - reads standard input.")],
    on: Annotated[
        str | None, typer.Option("--on", help="Local day to decide on, YYYY-MM-DD; today when left out.")
    ] = None,
    as_json: Json = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show each row that did not apply, and why.")] = False,
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Decide on a file of facts; nothing is stored and nobody is told."""
    day = day_of(on) or today()
    rule_set = rules_in(rules)
    decision = decide_on(rule_set, _answers(facts, rule_set), day)
    if as_json:
        print_json(decision.as_json() | ({"blocked": blocked_json(rule_set, decision)} if trace else {}))
        return
    show(DecisionScreen(rule_set, decision, lang).parts())
    if trace:
        show(trace_parts(rule_set, decision, lang))


def _answers(facts: str, rule_set: RuleSet) -> Answers:
    source = sys.stdin.buffer if facts == _STANDARD_INPUT else Path(facts)
    return read_answers_file(source, rule_set.vocabulary)
