"""Somebody has said something about consent: it is kept as said, becomes the fact, and is decided on at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.cases.change_facts import keep_facts, patched
from service.casework.commands.consent import RecordConsent
from service.casework.consent.read_consents import entry_view
from service.casework.context import Context
from service.casework.rights.rights_told import require_told
from service.casework.tasks.offer_again import offer_after
from service.casework.upkeep.true_clock import day_reached
from service.casework.views.consent import ConsentReceipt
from service.consent import store as consents
from service.consent.policy import CONSENT, LIFECYCLE, Consent, Person, Said, Saying, objections
from service.consent.tables import ConsentEntry
from service.database.unit_of_work import UnitOfWork
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.kernel.versions import Seen, require_version
from service.rights.policy import BEFORE_CONSENT
from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.facts.answers import answers_from

_CARE_FROM: Final = "consent.care_from_age"
_ALONE: Final = "unaccompanied"
_WITH_PARENTS: Final = frozenset({"with_parents", "family"})
_PARENTS_EXPECTED: Final = frozenset({"dutch", "eu"})


class ConsentNotUnderstood(DomainError):
    """What was said about consent cannot count: each reason is listed."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "consent-not-understood"
    title: ClassVar[str] = "The consent cannot count as it was recorded"


class SpokenSince(DomainError):
    """Something was said about the same purpose on a later day: what came before it does not count any more."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "spoken-since"
    title: ClassVar[str] = "Something was said about this purpose on a later day"


def record_consent(context: Context, case_id: UUID, seen: Seen, command: RecordConsent) -> ConsentReceipt:
    """Keep what was said about consent, and decide anew on it.

    Args:
        context: who records it.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: what was said.

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        CaseClosed: nobody works on the case any more, and this takes no consent back.
        ConsentNotUnderstood: it is still to come, was said by somebody who may not, or without what must be explained.
        IllegalTransition: what was never given cannot be withdrawn, and what was said cannot be unasked.
        SpokenSince: something was said about the purpose on a later day.
        RightsNotTold: the person was not yet told about rights.
    """
    context.require(Scope.CASES_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.CONSENT_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)
        tried.in_case(case.id)
        if command.saying is not Saying.WITHDRAW:
            # A no is always heard; whoever had read anything hears of it.
            cases.require_open(case)
        require_version(case.version, seen)
        known = cases.known(work.session, work.vault, case)
        rules = context.rules()
        following = _judged(context, work, case, known, command)
        changed = patched(known, {CONSENT: {command.purpose.value: following.value}})
        answers = answers_from(changed, rules.vocabulary)
        found = answers, decide(rules, answers, context.today())
        kept = _keep(context, work, case, command, changed=known != answers.given)
        change = keep_facts(context, work, case, known, found)
        if command.saying is Saying.REFUSE:
            offer_after(context, work, case, command.purpose)
        return ConsentReceipt(
            case_id=case.id,
            version=change.version,
            facts_version=change.facts_version,
            decision_id=change.decision_id,
            recorded=entry_view(work, kept),
        )


def _judged(
    context: Context, work: UnitOfWork, case: Case, known: Mapping[str, Any], command: RecordConsent
) -> Consent:
    """Give what counts for the purpose from now on."""
    before = Consent(known.get(CONSENT, {}).get(command.purpose.value, Consent.NOT_ASKED))
    following = next_state(LIFECYCLE, before, command.saying)
    decision = decide(context.rules(), answers_from(known, context.rules().vocabulary), context.today())
    said = Said(
        purpose=command.purpose,
        saying=command.saying,
        by=command.by,
        said_on=command.said_on,
        informed=command.informed,
        child_view=command.child_view,
    )
    person = _person(context, known, decision, guardian=_has_guardian(work, case, known, command.said_on))
    spoken = tuple(_days_spoken(work, case, command))
    problems = tuple(objections(said, person, max([day_reached(context, work.session), *spoken])))
    if problems:
        raise ConsentNotUnderstood(problems=problems)
    if any(command.said_on < day for day in spoken):
        raise SpokenSince
    if command.saying is Saying.GIVE:
        require_told(work, case.id, command.said_on, BEFORE_CONSENT, "/said_on")
    return following


def _days_spoken(work: UnitOfWork, case: Case, command: RecordConsent) -> Iterator[date]:
    """Give the days on which something was said about the same purpose."""
    for entry in consents.entries(work.session, case.id):
        said = consents.said(work.vault, entry)
        if said["purpose"] == command.purpose:
            yield date.fromisoformat(said["said_on"])


def _person(context: Context, known: Mapping[str, Any], decision: Decision, *, guardian: bool) -> Person:
    age, in_doubt = known.get("age"), known.get("age_in_doubt") == "yes"
    care_from = context.rules().parameters.number(_CARE_FROM, context.today())
    return Person(
        is_child=decision.values["child.child"] == "yes",
        age=age if isinstance(age, int) and not in_doubt else None,
        care_from=date.max.year if care_from is None else care_from,
        guardian=guardian,
        parent_there=_has_parent(known),
        parent_suspected=known.get("parent_suspected") == "yes",
    )


def _has_parent(known: Mapping[str, Any]) -> bool:
    """Tell whether a parent is there; of a foreign child nobody believes it before it is known with whom it stays.

    Whoever says to be a foreign child's parent may be the one who brought it.
    """
    household = known.get("household")
    return household != _ALONE if known.get("citizenship") in _PARENTS_EXPECTED else household in _WITH_PARENTS


def _has_guardian(work: UnitOfWork, case: Case, known: Mapping[str, Any], on: date) -> bool:
    """Tell whether the guardian who is there now was there on a day; it counts from the day of the appointment."""
    appointed = journal.entries_of(work.session, case.id, EntryKind.GUARDIAN_APPOINTED)
    since = date.fromisoformat(journal.said(work.vault, appointed[-1])["on"]) if appointed else date.min
    return known.get("guardian") == "appointed" and since <= on


def _keep(context: Context, work: UnitOfWork, case: Case, command: RecordConsent, *, changed: bool) -> ConsentEntry:
    """Keep the entry, with one in the trail that says nothing of what was said."""
    version = len(consents.entries(work.session, case.id)) + 1
    said = {**command.model_dump(mode="json"), "informed": sorted(command.informed)}
    kept = ConsentEntry(
        case_id=case.id,
        version=version,
        said=consents.sealed(work.vault, case.id, version, said),
        facts_version=case.facts_version + changed,
        recorded_by=context.caller.subject,
        recorded_at=context.clock.now(),
    )
    consents.add(work.session, kept)
    touched = (Touched("consent", str(case.id), version - 1 or None, version, tuple(sorted(command.model_fields_set))),)
    commitment = work.vault.commitment(case.id, said)
    context.record(work, Act(Event.CONSENT_RECORDED, Action.CREATE, str(case.id), touched, commitment=commitment))
    return kept
