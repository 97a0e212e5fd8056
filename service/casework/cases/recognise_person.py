"""Two cases may be about one person: their coordinators are told to ask each other, and nothing more.

Nobody can look somebody up here. The hint is only given to who works on a case of the person, tells no case of another
organisation, and every hint that was given stands in the trail.
"""

from collections.abc import Iterable

from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.commands.signals import Identity
from service.casework.context import Context
from service.casework.views.cases import PossibleMatch
from service.database.unit_of_work import UnitOfWork
from service.recognition import store as recognition
from service.recognition.traits import traits_of


def remember_person(work: UnitOfWork, case: Case, told: Identity | None) -> None:
    """Keep by what the person of a case may be recognised, without keeping who it is.

    Args:
        work: the unit of work that keeps the signal; it holds the case's row.
        case: whose person it is.
        told: who the person is, as far as it was told.

    Raises:
        KeysUnavailable: the lookup key cannot be read.
    """
    if told is not None:
        traits = traits_of(told.name, told.birth_date, told.contact)
        recognition.remember(work.session, work.vault.lookup, case.id, traits)


def remember_again(work: UnitOfWork, case: Case, told: Iterable[Identity]) -> None:
    """Keep by what the person of a case may be recognised from what is told of it now, and nothing from before.

    Args:
        work: the unit of work of the act; it holds the case's row.
        case: whose person it is.
        told: who the person is, by every signal that the case holds still.

    Raises:
        KeysUnavailable: the lookup key cannot be read.
    """
    recognition.forget(work.session, case.id)
    for identity in told:
        remember_person(work, case, identity)


def possible_matches(context: Context, work: UnitOfWork, case: Case) -> tuple[PossibleMatch, ...]:
    """Tell who else works on a case of possibly the same person; that it was told is kept before it is given.

    Args:
        context: who looks at the case.
        work: the unit of work of that look.
        case: a case that the caller may see.
    """
    shared = recognition.cases_sharing(work.session, case.id)
    if not shared:
        return ()
    said = recognition.said_of(work.session, case.id)
    # Of whom a person has said so or not, nobody is asked again.
    others = cases.cases_by_id(work.session, [one for one in shared if one not in said])
    if not others:
        return ()
    touched = tuple(Touched("case", str(one.id)) for one in (case, *others))
    context.record(work, Act(Event.PERSON_COMPARED, Action.READ, SYSTEM_STREAM, touched))
    own = context.org_seen()
    return tuple(
        PossibleMatch(
            contact=other.org,
            case_id=other.id if own in (None, other.org) else None,
            by=tuple(sorted(shared[other.id])),
        )
        for other in others
    )
