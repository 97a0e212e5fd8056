"""Rules come into force by two people: one policy owner proposes a rule set, another one publishes it."""

from typing import ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.commands.rules import ProposeRules
from service.casework.context import Context
from service.casework.rules.keep_rules import keep_rules
from service.casework.views.rules import ProposalList, ProposalView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.routing.changes.kept_answers import require_answers_kept
from service.routing.changes.report import ReachesBack, report
from service.routing.rule_files.bundle import Bundle, bundle_from, bundle_in, loaded, proved
from service.routing.rule_set import RuleSet
from service.rulebook import store as rulebook
from service.rulebook.lifecycle import ProposalState
from service.rulebook.tables import RuleProposal


class InForceAlready(DomainError):
    """The rules that are proposed are those in force."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "in-force-already"
    title: ClassVar[str] = "These rules are in force already"


class SamePerson(DomainError):
    """Whoever proposed rules wants to publish them too."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "same-person"
    title: ClassVar[str] = "Rules are published by somebody else than who proposed them"


class OtherCountry(DomainError):
    """The rules are those of another country than the ones in force: the folder has another name."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "other-country"
    title: ClassVar[str] = "The folder of a draft has the name of the country, as that of the rules in force has"


class RulesMovedOn(DomainError):
    """Other rules came into force after these were proposed; nobody has compared the two."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "rules-moved-on"
    title: ClassVar[str] = "Other rules came into force since; propose again, on top of those"


def offer_rules(context: Context, bundle: Bundle, command: ProposeRules) -> ProposalView:
    """Propose rules, or publish them where somebody else proposed exactly these.

    Args:
        context: a policy owner.
        bundle: the files of the rules.
        command: why they are wanted.

    Raises:
        ScopeMissing: the caller may not publish rules.
        FilesRefused: they hold mistakes, all of them listed; what is in force stays in force.
        InForceAlready: they are in force.
        OtherCountry: they are those of another country.
        AnswersLost: they no longer understand answers that open cases may hold.
        ReachesBack: they alter days that have passed, and nobody said that this is meant.
        SamePerson: the caller proposed them before.
        RulesMovedOn: other rules came into force since they were proposed.
    """
    context.require(Scope.RULES_PUBLISH)
    with context.look() as session:
        waiting = rulebook.open_proposal_of(session, bundle.hash)
    if waiting is not None and waiting.replaces == bundle_from(context.rules()).hash:
        return publish_rules(context, waiting.id)
    return _propose(context, bundle, command)


def publish_rules(context: Context, proposal_id: UUID) -> ProposalView:
    """Put proposed rules in force; every machine decides by them within a second.

    Args:
        context: a policy owner, another one than who proposed them.
        proposal_id: which proposal.

    Raises:
        ScopeMissing: the caller may not publish rules.
        ProposalNotFound: there is no such proposal.
        SamePerson: the caller proposed it.
        RulesMovedOn: other rules came into force since.
        IllegalTransition: it was published before.
        AnswersLost: it no longer understands answers that open cases may hold.
        ReachesBack: by now it alters days that have passed.
        FilesRefused: this version of the code finds mistakes in it.
    """
    context.require(Scope.RULES_PUBLISH)
    asked = Touched("proposal", str(proposal_id))
    with context.refusals_kept(Event.RULES_REFUSED, Action.UPDATE, asked):
        # Before the transaction: nobody else waits while rules are proved and compared.
        rules, folder = _proved(context, proposal_id), bundle_from(context.rules()).hash
        with context.work() as work:
            proposal = rulebook.proposal(work.session, proposal_id, lock=True)
            # What this process knows may be a second old.
            newest = rulebook.in_force_held(work.session, proposal) or folder
            if proposal.state is ProposalState.PROPOSED and proposal.replaces != newest:
                raise RulesMovedOn
            former = rulebook.publish(work.session, proposal, context.caller.subject, context.clock.now())
            if former is not None:
                _record(context, work, Event.RULES_SUPERSEDED, former, None)
            _record(context, work, Event.RULES_PUBLISHED, proposal, rules.name)
            return _view(proposal, rules.name)


def list_rules(context: Context) -> ProposalList:
    """Give what was proposed and published, newest first, and what is in force.

    Args:
        context: who asks; rules are no secret and say nothing about a person.

    Raises:
        ScopeMissing: the caller may not read rules.
    """
    context.require(Scope.RULES_READ)
    with context.look() as session:
        shown = tuple(_view(proposal, name) for proposal, name in rulebook.proposals(session))
    return ProposalList(in_force=context.rules().name, items=shown)


def files_in_force(context: Context) -> Bundle:
    """Give the files of the rules in force, to start a draft from.

    Args:
        context: who asks; rules are no secret and say nothing about a person.

    Raises:
        ScopeMissing: the caller may not read rules.
    """
    context.require(Scope.RULES_READ)
    return bundle_from(context.rules())


def _proved(context: Context, proposal_id: UUID) -> RuleSet:
    """Prove proposed rules, and compare them with those that they are to replace."""
    with context.look() as session:
        proposal = rulebook.proposal(session, proposal_id)
        if proposal.proposed_by == context.caller.subject:
            raise SamePerson
        waits, label = proposal.state is ProposalState.PROPOSED, proposal.retroactive
        draft = bundle_in(rulebook.canonical_by_hash(session, proposal.rule_set))
        replaced = bundle_in(rulebook.canonical_by_hash(session, proposal.replaces))
    rules = proved(draft)
    if waits:
        _require_fit(context, loaded(replaced), rules, label)
    return rules


def _propose(context: Context, bundle: Bundle, command: ProposeRules) -> ProposalView:
    with context.refusals_kept(Event.RULES_REFUSED, Action.CREATE, Touched("rule_set", bundle.hash)):
        in_force = context.rules()
        before = bundle_from(in_force)
        if before.hash == bundle.hash:
            raise InForceAlready
        if bundle.country != in_force.country:
            raise OtherCountry
        _require_fit(context, in_force, proved(bundle), command.retroactive)
        with context.work() as work:
            known = rulebook.open_proposal_of(work.session, bundle.hash)
            if known is not None and known.replaces == before.hash:
                raise SamePerson
            for one in (before, bundle):
                keep_rules(context, work, one)
            proposal = RuleProposal(
                id=new_id(),
                rule_set=bundle.hash,
                replaces=before.hash,
                reason=command.reason,
                retroactive=command.retroactive,
                state=ProposalState.PROPOSED,
                proposed_by=context.caller.subject,
                proposed_at=context.clock.now(),
            )
            rulebook.propose(work.session, proposal)
            _record(context, work, Event.RULES_PROPOSED, proposal, bundle.name)
            return _view(proposal, bundle.name)


def _require_fit(context: Context, old: RuleSet, new: RuleSet, label: str | None) -> None:
    require_answers_kept(old.vocabulary, new.vocabulary)
    if label is None and report(old, new, context.today()).reaches_back:
        raise ReachesBack


def _record(context: Context, work: UnitOfWork, event: Event, proposal: RuleProposal, policy: str | None) -> None:
    is_new = event is Event.RULES_PROPOSED
    before = None if is_new else proposal.version - 1
    touched = (
        Touched("proposal", str(proposal.id), before, proposal.version),
        Touched("rule_set", proposal.rule_set),
    )
    action = Action.CREATE if is_new else Action.UPDATE
    context.record(work, Act(event, action, SYSTEM_STREAM, touched, policy=policy))


def _view(proposal: RuleProposal, name: str) -> ProposalView:
    return ProposalView(
        id=proposal.id,
        rule_set=name,
        hash=proposal.rule_set,
        state=proposal.state,
        number=proposal.number,
        reason=proposal.reason,
        retroactive=proposal.retroactive,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        published_by=proposal.published_by,
        published_at=proposal.published_at,
        version=proposal.version,
    )
