"""Which partners can be asked about a case: where help is needed and by whom is read off the case, nothing is asked."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from sqlmodel import Session

from service.casework.context import Context
from service.partners.directory import Group, Listing, Where, candidates
from service.routing.engine.domains import UNKNOWN
from service.routing.facts.answers import Answers
from service.routing.facts.places import ATTRIBUTES

_CHILD: Final = "child"
_OLDEST_CHILD: Final = 17
_MULTIPROBLEM: Final = "multiproblem"
_PROBLEMS: Final = frozenset({"psychological_problems", "addiction", "mild_intellectual_disability"})


def whom_to_ask(
    context: Context, session: Session, answers: Answers, decided: Mapping[str, Any]
) -> Callable[[str], tuple[Listing, ...]]:
    """Give who can be asked about a case, first to last, by what they are asked as.

    Args:
        context: who asks; its rules and its day count.
        session: where the directory is kept.
        answers: what is known of the person.
        decided: the decision that asks, as it is kept.

    Returns:
        For the kind of organisation or the service that is asked for: every candidate, the fallback last; raises
        NobodyToAsk when the directory was never filled.
    """
    return partial(
        candidates,
        where=_where(context, decided["region"]),
        group=group_of(answers, decided["tracks"]),
        directory=context.directory(session),
        on=context.today(),
    )


def _where(context: Context, region: Mapping[str, Any]) -> Where:
    municipality = context.rules().places.municipalities.get(region["municipality"] or "")
    known = {} if municipality is None else {name: getattr(municipality, name) for name in ATTRIBUTES}
    return Where(known, None if region["fallback"] else region["care_coordinator"])


def group_of(answers: Answers, tracks: list[str]) -> Group:
    """Give what is known of the person; somebody whom the rules treat as a child is one.

    Args:
        answers: what was told.
        tracks: what the rules set in motion for the person.
    """
    known: dict[str, frozenset[str]] = {}
    for name, said in answers.given.items():
        values = frozenset(said) if isinstance(said, list) else frozenset({str(said)})
        if UNKNOWN not in values:
            known[name] = values
    age = answers.given.get("age")
    if _CHILD in tracks:
        known[_CHILD] = frozenset({"yes"})
    elif (isinstance(age, int) and age > _OLDEST_CHILD) or answers.given.get("adult") == "yes":
        known[_CHILD] = frozenset({"no"})
    if any(said == frozenset({"yes"}) for name, said in known.items() if name in _PROBLEMS):
        known[_MULTIPROBLEM] = frozenset({"yes"})
    return known
