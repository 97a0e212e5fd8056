"""`nrm rules replay`: makes decisions again by the rules of their day and says what differs."""

from typing import Annotated, Final
from uuid import UUID

import typer

from service.casework.rules.replay_decisions import replay_decisions
from service.casework.views.rules import ReplayView
from service.cli.opening import opened
from service.cli.rules.asked import Json, Lang
from service.cli.words import Language, pick
from service.routing.changes.receipts import Part

_PARTS: Final = {
    Part.FACTS: ("de feiten", "the facts"),
    Part.RULES: ("de regels", "the rules"),
    Part.ENGINE: ("de programmatuur", "the engine"),
    Part.OUTCOME: ("het bewaarde besluit", "the kept decision"),
    Part.DAY: ("de dag van het besluit", "the day of the decision"),
    Part.UNEXPLAINED: (
        "de uitkomst, terwijl niets veranderd is van wat het bewijs noemt",
        "the outcome, though nothing has changed of what the receipt names",
    ),
}


def replay(
    case: Annotated[UUID | None, typer.Option("--case", help="Only the decisions of this case.")] = None,
    every: Annotated[bool, typer.Option("--all", help="The decisions of all cases.")] = False,
    as_json: Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Make decisions again out of what is kept, and say which of facts, rules and engine differ; exit code 1 if so."""
    if every == (case is not None):
        raise typer.BadParameter("give --case or --all")
    with opened() as service:
        found = replay_decisions(service.operator(), case)
    if as_json:
        print(found.model_dump_json(by_alias=True))
    else:
        _say(found, lang)
    if not found.holds:
        raise typer.Exit(1)


def _say(found: ReplayView, language: Language) -> None:
    made_again = ("opnieuw gemaakt tot op de byte", "made again to the byte")
    print(f"{found.reproduced} / {found.decisions} {pick(made_again, language)}")
    if found.erased:
        print(f"{found.erased} {pick(('gewist', 'erased'), language)}")
    if newer := sum(line.reproduced and bool(line.differs) for line in found.lines):
        print(f"{newer} {pick(('door andere programmatuur gemaakt', 'were made by another engine'), language)}")
    for line in found.lines:
        if not line.reproduced and not line.erased:
            parts = ", ".join(pick(_PARTS[part], language) for part in line.differs)
            print(f"{line.case_id} {line.decision_id} {pick(('WIJKT AF', 'DIFFERS'), language)}: {parts}")
