"""Somebody lets decisions be made again, by the rules of their day, and sees whether each comes out to the byte."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision
from service.casework.context import Context
from service.casework.rules.kept_rules import KeptRules
from service.casework.views.rules import ReplayLine, ReplayView
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.vault import KeyDestroyed, Vault
from service.kernel.canonical_json import digest
from service.routing.changes.receipts import Found, Part, Receipt, Replayed, engine_version, replayed

_TOGETHER: Final = 100


def replay_decisions(context: Context, case_id: UUID | None = None) -> ReplayView:
    """Make decisions again and compare them with their receipts; nothing is changed and nothing personal is given.

    Args:
        context: who asks.
        case_id: whose decisions; those of all cases when left out.

    Raises:
        ScopeMissing: the caller may not have decisions made again.
        CaseNotFound: there is no such case.
        KeysUnavailable: the keys are away.
    """
    context.require(Scope.DECISIONS_REPLAY)
    lines: list[ReplayLine] = []
    rules = KeptRules(context.rules())
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ), context.look() as session:
        known = None if case_id is None else cases.case_seen_by(session, case_id, None).id
        ids = decisions.decision_ids(session, known)
    for start in range(0, len(ids), _TOGETHER):
        with context.look() as session:
            together = decisions.decisions_by_id(session, ids[start : start + _TOGETHER])
            replay = _Replay(session, Vault(session, context.keys), rules)
            found = [replay.line(decision) for decision in together]
        # Kept before anything is told, as every look at a case is.
        _tell(context, together)
        lines.extend(found)
    return ReplayView(
        engine=engine_version(),
        decisions=len(lines),
        reproduced=sum(line.reproduced for line in lines),
        erased=sum(line.erased for line in lines),
        lines=tuple(lines),
    )


class _Replay:
    """Makes one decision after the other again."""

    def __init__(self, session: Session, vault: Vault, rules: KeptRules) -> None:
        self._session = session
        self._vault = vault
        self._rules = rules

    def line(self, decision: CaseDecision) -> ReplayLine:
        try:
            found = self._again(decision)
        except KeyDestroyed:
            return _line(decision, Replayed(reproduced=False, differs=()), erased=True)
        return _line(decision, found)

    def _again(self, decision: CaseDecision) -> Replayed:
        found = Found(self._told(decision), self._content(decision))
        kept = self._receipt(decision, found)
        if kept is None:
            return Replayed(reproduced=False, differs=(Part.OUTCOME,))
        again = replayed(kept, decision.decided_on, found, self._rules.named(self._session, kept.rules))
        if again.reproduced or again.differs:
            return again
        # Something beneath the engine may be another; that the record was changed nobody can say.
        return Replayed(reproduced=False, differs=(Part.UNEXPLAINED,))

    def _told(self, decision: CaseDecision) -> Mapping[str, object] | None:
        try:
            return cases.told(self._vault, cases.facts(self._session, decision.case_id, decision.facts_version))
        except (NotSealedHere, cases.CaseNotFound):
            return None

    def _content(self, decision: CaseDecision) -> Mapping[str, object] | None:
        try:
            return decisions.content(self._vault, decision)
        except NotSealedHere:
            return None

    def _receipt(self, decision: CaseDecision, found: Found) -> Receipt | None:
        """Give the receipt; for a decision of before there were any, what its row says."""
        try:
            said = decisions.receipt(self._vault, decision)
        except NotSealedHere:
            return None
        if said is not None:
            return Receipt(**said)
        meant = found.given is not None and self._vault.committed(decision.case_id, decision.facts_digest, found.given)
        facts = digest(found.given) if meant else ""
        return Receipt(facts, decision.rule_set, engine_version(), digest(found.content))


def _line(decision: CaseDecision, again: Replayed, *, erased: bool = False) -> ReplayLine:
    return ReplayLine(
        case_id=decision.case_id,
        decision_id=decision.id,
        made_at=decision.made_at,
        reproduced=again.holds,
        erased=erased,
        differs=again.differs,
    )


def _tell(context: Context, made: Sequence[CaseDecision]) -> None:
    by_case: dict[UUID, list[Touched]] = {}
    for one in made:
        by_case.setdefault(one.case_id, []).append(Touched("decision", str(one.id), one.version, one.version))
    with context.work() as work:
        # In one order for everybody, so that two that look at many cases never wait for each other's trails.
        for case_id, touched in sorted(by_case.items(), key=lambda one: str(one[0])):
            context.record(work, Act(Event.DECISION_REPLAYED, Action.READ, str(case_id), tuple(touched)))
