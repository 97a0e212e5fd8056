"""Whom to ask about a signal of nobody known, or of which somebody wants advice alone; nobody is told by it.

The rules are asked as for a preview. What they would tell each desk stands beside it, so that whoever asks knows which
ones can be asked without a name.
"""

from collections.abc import Mapping
from typing import Any, Final

from service.casework.context import Context
from service.casework.referrals.choose_partner import whom_to_ask
from service.database.unit_of_work import UnitOfWork
from service.partners.directory import Listing
from service.routing.decision import Decision
from service.routing.facts.answers import Answers

_VICTIM: Final = "victim"
_NOBODY_ELSE: Final = "care_coordinator"
_ADVICE: Final = "advice"


def advice_on(context: Context, work: UnitOfWork, answers: Answers, decision: Decision) -> dict[str, Any]:
    """Say whom the rules name for some facts, as it is kept with the signal that tells them.

    Where they name nobody, the care coordinator of the region can still be asked: no answer is no advice.

    Args:
        context: who asks.
        work: the unit of work that keeps the signal.
        answers: the facts.
        decision: what the rules say about them.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    able = whom_to_ask(context, work.session, answers, decision.as_json())
    named: dict[tuple[str, str], list[str]] = {}
    for one in decision.notifications:
        if one.to != _VICTIM:
            named.setdefault((one.to, one.content), []).append(one.rule)
    if not named:
        named[_NOBODY_ELSE, _ADVICE] = list(decision.region.rules)
    return {
        "on": decision.on.isoformat(),
        "rule_set": decision.rule_set,
        "desks": [_desk(able(to)[0], (to, content), rules, decision) for (to, content), rules in named.items()],
        "questions": [one.fact for one in decision.questions],
    }


def _desk(listing: Listing, asked: tuple[str, str], rules: list[str], decision: Decision) -> Mapping[str, Any]:
    sources = dict.fromkeys(cite for rule in rules for cite in decision.sources(rule))
    return {
        "to": asked[0],
        "partner_id": listing.id,
        "name": listing.name,
        "content": asked[1],
        "rules": rules,
        "sources": list(sources),
    }
