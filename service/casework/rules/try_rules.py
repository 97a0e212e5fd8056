"""Somebody tries a draft of the rules on the open cases: how many would change, and by which rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.views.rules import ImpactGroup, ImpactView
from service.database.sealing.vault import KeyDestroyed, Vault
from service.routing.decide import decide_as_told
from service.routing.decision import PARTS, Decision
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import AnswersRefused, answers_from
from service.routing.rule_files.bundle import Bundle, loaded
from service.routing.rule_set import RuleSet

FEWEST_SHOWN: Final = 5
"""Fewer cases could point at a person, and so could two drafts that differ in one: outside, only fives are told."""

_TOGETHER: Final = 100

Move = tuple[str, tuple[str, ...], tuple[str, ...]]


def try_rules(context: Context, bundle: Bundle) -> ImpactView:
    """Decide every open case by the rules in force and by a draft, today, and say what would change; nothing is kept.

    Args:
        context: who asks.
        bundle: the files of the draft.

    Raises:
        ScopeMissing: the caller may not try rules.
        FilesRefused: the draft holds mistakes, all of them listed.
        KeysUnavailable: the keys are away.
        NotSealedHere: somebody altered what is kept of a case.
    """
    context.require(Scope.RULES_TRY)
    with context.refusals_kept(Event.RULES_REFUSED, Action.READ, Touched("rule_set", bundle.hash)):
        draft = loaded(bundle)
    found = _Found()
    with context.look() as session:
        ids = cases.open_case_ids(session)
    for start in range(0, len(ids), _TOGETHER):
        together = ids[start : start + _TOGETHER]
        with context.look() as session:
            _try(context, session, (context.rules(), draft), together, found)
        _tell(context, together, draft.name)
    return _view(context, (context.rules(), draft), len(ids), found)


class _Found:
    """The cases by what would change in them."""

    def __init__(self) -> None:
        self.changed: set[UUID] = set()
        self.groups: dict[Move, list[UUID]] = {}
        self.beyond = 0

    def add(self, case_id: UUID, moves: Sequence[Move]) -> None:
        for move in moves:
            self.changed.add(case_id)
            self.groups.setdefault(move, []).append(case_id)


def _try(
    context: Context, session: Session, rules: tuple[RuleSet, RuleSet], ids: Sequence[UUID], found: _Found
) -> None:
    vault = Vault(session, context.keys)
    for case in cases.cases_by_id(session, ids):
        try:
            given = cases.known(session, vault, case)
            found.add(case.id, [*_moves(context, rules, given)])
        except KeyDestroyed:
            continue
        except (AnswersRefused, ImpossibleFacts):
            # The draft does not understand what was told: that is a change too, and a person has to look.
            found.beyond += 1


def _moves(context: Context, rules: tuple[RuleSet, RuleSet], given: Mapping[str, object]) -> Iterator[Move]:
    """Give the tables in which other rows decide or rows decide otherwise; else the parts that come out otherwise."""
    old, new = (decide_as_told(one, answers_from(given, one.vocabulary), context.today()) for one in rules)
    moved = False
    for table in dict.fromkeys((*old.findings, *new.findings)):
        before, after = (_given_by(one, table) for one in (old, new))
        if sorted(before.values()) != sorted(after.values()):
            moved = True
            gone, come = before.items() - after.items(), after.items() - before.items()
            yield table, tuple(sorted(row for row, _ in gone)), tuple(sorted(row for row, _ in come))
    if not moved:
        was, becomes = old.as_json(), new.as_json()
        yield from ((part, (), ()) for part in PARTS if was[part] != becomes[part])


def _given_by(decision: Decision, table: str) -> dict[str, str]:
    found = decision.findings.get(table)
    return {} if found is None else {row.id: str(sorted(row.then.items())) for row in found.rows}


def _tell(context: Context, ids: Sequence[UUID], draft: str) -> None:
    """Keep that the cases were looked at, before anything is told of them."""
    with context.work() as work:
        context.record(work, Act(Event.RULES_TRIED, Action.EXECUTE, SYSTEM_STREAM, policy=draft))
        for case_id in sorted(map(str, ids)):
            context.record(
                work, Act(Event.RULES_TRIED, Action.READ, case_id, (Touched("case", case_id),), policy=draft)
            )


def _view(context: Context, rules: tuple[RuleSet, RuleSet], opened: int, found: _Found) -> ImpactView:
    inside = context.caller.may(Scope.CASES_READ)

    def told(count: int) -> int | None:
        return count if inside else count - count % FEWEST_SHOWN or None

    return ImpactView(
        in_force=rules[0].name,
        draft=rules[1].name,
        open_cases=told(opened),
        changed=told(len(found.changed)),
        groups=tuple(
            ImpactGroup(table=table, old_rows=old, new_rows=new, cases=many, case_ids=tuple(ids) if inside else ())
            for (table, old, new), ids in sorted(found.groups.items())
            if (many := told(len(ids)))
        ),
        not_understood=told(found.beyond),
    )
