"""What can be said about consent, by whom, and when it counts.

Who may consent for a child, and from which age it does so itself, no source read here says. It is assumed, and the
reading that protects was chosen: nobody gives a yes for a child who is not known to have authority over it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from service.kernel.errors import Problem

CONSENT: Final = "consent"
"""Name of the fact that holds, by purpose, what was last said."""


class Purpose(StrEnum):
    """What consent can be given to, each apart from the others."""

    REGISTRATION = "registration"
    PLACEMENT = "placement"
    POLICE_CONTACT = "police_contact"
    TRANSNATIONAL = "transnational"


class Consent(StrEnum):
    """What was last said about a purpose."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Saying(StrEnum):
    """What somebody says about a purpose."""

    GIVE = "given"
    REFUSE = "refused"
    WITHDRAW = "withdrawn"
    LEAVE_OPEN = "not_asked"


class Speaker(StrEnum):
    """Who says it."""

    PERSON = "person"
    PARENT = "parent"
    GUARDIAN = "guardian"


class ChildView(StrEnum):
    """What a child thinks of it when somebody else speaks for it."""

    AGREES = "agrees"
    DISAGREES = "disagrees"


class Informed(StrEnum):
    """What was explained beforehand."""

    PURPOSE = "purpose"
    RECIPIENTS = "recipients"
    DATA = "data"
    WITHDRAWAL = "withdrawal"
    REFUSAL = "refusal"
    DUTIES = "duties"


class Evidence(StrEnum):
    """By what it can be shown."""

    ORAL_WITNESSED = "oral_witnessed"
    WRITTEN = "written"
    RECORDED_ELSEWHERE = "recorded_elsewhere"


NEEDED: Final = frozenset({Informed.PURPOSE, Informed.RECIPIENTS, Informed.WITHDRAWAL})
"""Without these nobody knows to what they agree, or that they can come back on it (GDPR articles 4(11) and 7(3))."""

LIFECYCLE: Final[Mapping[tuple[Consent, Saying], Consent]] = {
    (Consent.NOT_ASKED, Saying.GIVE): Consent.GIVEN,
    (Consent.NOT_ASKED, Saying.REFUSE): Consent.REFUSED,
    # Somebody wrote down that it was not the moment to ask.
    (Consent.NOT_ASKED, Saying.LEAVE_OPEN): Consent.NOT_ASKED,
    # Said again, by somebody else, in another language or with better evidence.
    (Consent.GIVEN, Saying.GIVE): Consent.GIVEN,
    (Consent.GIVEN, Saying.WITHDRAW): Consent.WITHDRAWN,
    # Asked again later.
    (Consent.REFUSED, Saying.REFUSE): Consent.REFUSED,
    (Consent.REFUSED, Saying.GIVE): Consent.GIVEN,
    (Consent.WITHDRAWN, Saying.REFUSE): Consent.REFUSED,
    (Consent.WITHDRAWN, Saying.GIVE): Consent.GIVEN,
}


@dataclass(frozen=True)
class Person:
    """What is known of the person that matters for who may consent.

    Attributes:
        is_child: whether the rules treat the person as a child, in doubt too.
        age: years, None when unknown or in doubt.
        care_from: the age from which a child consents itself to care.
        guardian: whether a guardian stood up for the child when it was said.
        parent_there: whether a parent is known to be there who can stand up for it.
        parent_suspected: whether a parent is suspected or gone.
    """

    is_child: bool
    age: int | None
    care_from: int
    guardian: bool
    parent_there: bool
    parent_suspected: bool


@dataclass(frozen=True)
class Said:
    """What was said about one purpose: by whom, when, after what was explained, and what a child thinks of it."""

    purpose: Purpose
    saying: Saying
    by: Speaker
    said_on: date
    informed: frozenset[Informed]
    child_view: ChildView | None


def objections(said: Said, person: Person, today: date) -> Iterator[Problem]:
    """Give every reason why something that was said about consent cannot count.

    Whoever may not consent for somebody may not refuse or withdraw in their name either; the person's own no always
    counts.

    Args:
        said: what was said.
        person: about whom.
        today: the day on which it is recorded.
    """
    if said.said_on > today:
        yield Problem("/said_on", "still-to-come", "Consent is recorded when it was said, today at the latest.")
    yield from _by_whom(said, person)
    if said.saying is Saying.GIVE:
        missing = NEEDED - said.informed
        if missing:
            detail = f"Before somebody agrees, this is explained too: {', '.join(sorted(missing))}."
            yield Problem("/informed", "not-informed", detail)


def _by_whom(said: Said, person: Person) -> Iterator[Problem]:
    """Say that somebody may not speak, in words that are true of everybody and tell nothing about this person."""
    if not _may_speak(said, person):
        detail = (
            "Adults speak for themselves. A child's yes is given by a parent with authority who is known to be there "
            "and is not suspected, or by the guardian from the day of appointment; record that first. "
            "An older child consents to care itself. A person's own no always counts. "
            "While neither adult nor age is known, somebody counts as a child: record what is known of it first."
        )
        yield Problem("/by", "not-theirs-to-say", detail)
    elif said.by is not Speaker.PERSON and said.saying is Saying.GIVE:
        if said.child_view is None:
            yield Problem("/child_view", "child-not-heard", "Say what the child itself thinks of it.")
        if said.child_view is ChildView.DISAGREES:
            detail = "The child disagrees: record it as refused, and let a case consultation look at it."
            yield Problem("/child_view", "child-disagrees", detail)


def _may_speak(said: Said, person: Person) -> bool:
    if said.by is Speaker.PERSON:
        return said.saying is not Saying.GIVE or speaks_alone(said.purpose, person)
    if speaks_alone(said.purpose, person):
        return False
    if said.by is Speaker.GUARDIAN:
        return person.guardian
    return person.parent_there and not person.parent_suspected


def speaks_alone(purpose: Purpose, person: Person) -> bool:
    """Tell whether the person consents without anybody else: an adult to all, an older child to care.

    Args:
        purpose: to what.
        person: who.
    """
    if not person.is_child:
        return True
    return purpose is Purpose.PLACEMENT and person.age is not None and person.age >= person.care_from
