"""What an organisation may see in a consultation: facts that it may read of what the rules tell it of this person.

There is no wider circle because people sit at one table. The desk names the facts that are needed, each must be one
that the decision of today tells this kind of organisation, on a ground; what loses either is shown no longer.
"""

from collections.abc import Mapping
from typing import Any

from service.casework.context import Context
from service.casework.referrals.asks import asked_by
from service.partners.directory import Listing
from service.routing.decide import decide_as_told
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import AnswersRefused, answers_from


def may_be_seen(context: Context, known: Mapping[str, Any], listing: Listing) -> Mapping[str, tuple[str, ...]]:
    """Give the facts that an organisation may see of a person today, by name, each with the names of its grounds.

    Args:
        context: who asks; its rules and its day count.
        known: the facts that count now.
        listing: the organisation, by what it is and offers.

    Returns:
        The facts; none when today's rules no longer understand the facts, so that nobody can name a ground.
    """
    rules = context.rules()
    try:
        decision = decide_as_told(rules, answers_from(known, rules.vocabulary), context.today())
    except (AnswersRefused, ImpossibleFacts):
        return {}
    asked_as = {listing.kind, *listing.services}
    seen: dict[str, tuple[str, ...]] = {}
    for ask in asked_by(decision):
        if ask.asked_as in asked_as:
            cleared = rules.disclosure.cleared(ask.asked_as, ask.content, ask.rule, decision.values)
            for name, why in cleared.items():
                grounds = (*seen.get(name, ()), *(one.name for one in why.grounds))
                seen[name] = tuple(dict.fromkeys(grounds))
    return seen
