"""What a partner reads of a referral: made in one place for whoever looks beforehand and for the partner, to the byte.

Which facts a referral may ever tell was fixed when it was made. Of these a partner reads those for which a line of
today's rules and a ground hold, as the person's consent stands now: what loses its ground is told no longer. As long as
the rules ask the same by what is known now, the ground must hold by that too; once they do not, a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.referrals.asks import Ask, asked_by
from service.casework.referrals.contents import ABOUT_A_PERSON
from service.casework.views.referrals import DisclosedField, GroundView, ReferralContent
from service.consent.policy import CONSENT
from service.database.unit_of_work import UnitOfWork
from service.kernel.canonical_json import digest
from service.referrals import store as referrals
from service.referrals.tables import Referral
from service.routing.decide import decide_as_told
from service.routing.decision import Decision
from service.routing.disclosure import Cleared, Ground
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import AnswersRefused, answers_from

Told = Mapping[str, Any]


@dataclass(frozen=True)
class WhatIsRead:
    """The content that a partner reads, its hash, and why each fact is in it."""

    content: ReferralContent
    digest: str
    cleared: Mapping[str, Cleared]
    held_back: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the facts that are told, in order."""
        return tuple(sorted(self.content.facts))

    def fields(self) -> tuple[DisclosedField, ...]:
        """Give every fact that is told, with the reason."""
        return tuple(_field(name, self.cleared[name]) for name in self.content.facts)


def what_is_read(context: Context, work: UnitOfWork, referral: Referral) -> WhatIsRead:
    """Make the content of a referral as its partner would read it now.

    Args:
        context: who looks.
        work: the unit of work of the act.
        referral: which one.

    Raises:
        KeysUnavailable: the keys are away.
    """
    then = cases.told(work.vault, cases.facts(work.session, referral.case_id, referral.facts_version))
    known = {name: then[name] for name in referrals.disclosed(work.vault, referral) if name in then}
    cleared = _cleared(context, work, referral) if known else {}
    reasoned = referral.content in ABOUT_A_PERSON
    content = ReferralContent(
        id=referral.id,
        asked_as=referral.asked_as,
        content=referral.content,
        due=referral.due,
        due_at=referral.due_at,
        rule=referral.rule if reasoned else None,
        sources=tuple(referral.sources) if reasoned else (),
        facts={name: said for name, said in known.items() if name in cleared},
        # Without the key that made it, nobody can try which content a hash in the trail belongs to.
        salt=work.vault.commitment(referral.case_id, ["content", str(referral.id)]).rpartition(":")[2],
    )
    return WhatIsRead(
        content=content,
        digest=f"sha256:{digest(content.model_dump(mode='json', by_alias=True))}",
        cleared=cleared,
        held_back=tuple(to_camel(name) for name in known if name not in cleared),
    )


def consent_changed(work: UnitOfWork, referral: Referral, told_now: Told) -> bool:
    """Tell whether the person says something else about consent than when a referral was made."""
    then = cases.told(work.vault, cases.facts(work.session, referral.case_id, referral.facts_version))
    return then.get(CONSENT) != told_now.get(CONSENT)


def as_consent_stands(context: Context, work: UnitOfWork, referral: Referral, told_now: Told) -> Decision | None:
    """Decide as when a referral was made, had the person said then about consent what the person says now.

    Args:
        context: who asks.
        work: the unit of work of the act.
        referral: which one.
        told_now: the facts that count now, of which only consent is taken.

    Returns:
        The decision; None when today's rules no longer understand the facts, so that nobody can name a reason.
    """
    (made,) = decisions.decisions_by_id(work.session, [referral.decision_id])
    then = cases.told(work.vault, cases.facts(work.session, referral.case_id, referral.facts_version))
    others = {name: said for name, said in then.items() if name != CONSENT}
    said_now = {CONSENT: told_now[CONSENT]} if CONSENT in told_now else {}
    rules = context.rules()
    try:
        return decide_as_told(rules, answers_from({**others, **said_now}, rules.vocabulary), made.decided_on)
    except (AnswersRefused, ImpossibleFacts):
        return None


def _cleared(context: Context, work: UnitOfWork, referral: Referral) -> Mapping[str, Cleared]:
    (case,) = cases.cases_by_id(work.session, [referral.case_id])
    now = cases.known(work.session, work.vault, case)
    decided = as_consent_stands(context, work, referral, now)
    # Whatever ground else may hold: nobody reads about a person what the rules would not tell, as consent stands now.
    if decided is None or (referral.content in ABOUT_A_PERSON and Ask.of(referral) not in asked_by(decided)):
        return {}
    cleared = _by_the_lines(context, referral, decided)
    by_now = None if referral.facts_version == case.facts_version else _as_facts_stand(context, work, case, now)
    if by_now is None or Ask.of(referral) not in asked_by(by_now):
        return cleared
    return {name: why for name, why in _by_the_lines(context, referral, by_now).items() if name in cleared}


def _by_the_lines(context: Context, referral: Referral, decided: Decision) -> dict[str, Cleared]:
    lines = context.rules().disclosure
    return lines.cleared(referral.asked_as, referral.content, referral.rule, decided.values)


def _as_facts_stand(context: Context, work: UnitOfWork, case: Case, told_now: Told) -> Decision | None:
    """Decide on what is known now, as on the day of the decision that counts; None when the rules make nothing of it.

    A day that passes takes nobody's ground away by itself: that is noticed when the case is decided about again.
    """
    counts = decisions.live_decisions(work.session, [case.id]).get(case.id)
    if counts is None:
        return None
    rules = context.rules()
    try:
        return decide_as_told(rules, answers_from(dict(told_now), rules.vocabulary), counts.decided_on)
    except (AnswersRefused, ImpossibleFacts):
        return None


def _field(name: str, cleared: Cleared) -> DisclosedField:
    return DisclosedField(
        fact=to_camel(name),
        purpose=dict(cleared.process.purpose),
        grounds=tuple(map(_ground, cleared.grounds)),
        why=dict(cleared.why),
        status=str(cleared.status),
    )


def _ground(ground: Ground) -> GroundView:
    return GroundView(
        name=ground.name,
        text=dict(ground.text),
        sources=tuple(one.cite for one in ground.sources),
        status=str(ground.status),
        consents=tuple(to_camel(one) for one in ground.consents),
    )
