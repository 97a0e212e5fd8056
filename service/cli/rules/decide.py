"""`nrm rules decide`: what follows from a file of facts."""

from typing import Annotated

import typer

from service.cli.rules.asked import Json, Lang, Rules, answers_in, day_of, rules_in, today
from service.cli.rules_screen import print_json, show
from service.cli.show_decision import DecisionScreen
from service.cli.show_trace import blocked_json, trace_parts
from service.cli.words import Language
from service.routing.decide import decide as decide_on


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
    decision = decide_on(rule_set, answers_in(facts, rule_set), day)
    if as_json:
        print_json(decision.as_json() | ({"blocked": blocked_json(rule_set, decision)} if trace else {}))
        return
    show(DecisionScreen(rule_set, decision, lang).parts())
    if trace:
        show(trace_parts(rule_set, decision, lang))
