"""An action day is announced: how many people may be found, and no name; each of them becomes a case of its own later.

The number is told beforehand so that shelter stands ready: by a message to whom the rules name, and as long as that
has not arrived by a person, whose task says until when. The members' own cases do not tell it again.
"""

from typing import ClassVar, Final

from service.access.roles import Scope
from service.audit.event import Action, Event
from service.casework.commands.signals import AnnounceGroup, ReceiveSignal
from service.casework.context import Context
from service.casework.rules.keep_rules import keep_rules
from service.casework.signals.advise import advice_on
from service.casework.signals.keep_signal import Kept, Said, keep_signal, kept_before
from service.casework.signals.show_group import group_view
from service.casework.signals.tell_number import tell_number
from service.casework.tasks.await_triage import await_triage
from service.casework.views.signals import GroupView
from service.kernel.errors import DomainError, Kind, Problem
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.routing.rule_files.bundle import bundle_from
from service.signals.lifecycle import SignalKind

_FOUND_TOGETHER: Final = {"found_in_group": "yes"}
_ON_AN_ACTION_DAY: Final = {"action_day": "yes"}


class AnnouncedTooLate(DomainError):
    """An announcement comes before the action; afterwards there are people and no longer a number."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "announced-too-late"
    title: ClassVar[str] = "The action is over; a group is announced before it"


def announce_group(context: Context, command: AnnounceGroup) -> GroupView:
    """Announce a group that may be found, or was found together, and tell the number to whom the rules name.

    Args:
        context: who announces it.
        command: how many, the facts that all of them share, and the day of the action if there is one.

    Raises:
        ScopeMissing: the caller may not submit signals.
        AnnouncedTooLate: the day of the action is over; nothing is kept.
        AnswersRefused: the facts cannot be understood; nothing is kept.
        SubmissionKeyReused: the key was used for something else.
        NobodyToAsk: the directory was never filled.
    """
    context.require(Scope.SIGNALS_WRITE)
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE):
        if command.action_on is not None and command.action_on < context.today():
            raise AnnouncedTooLate(problems=(Problem("/action_on", "over", "This day is over."),))
        rules = context.rules()
        shared = {**command.facts, **_FOUND_TOGETHER, **(_ON_AN_ACTION_DAY if command.action_on else {})}
        answers = answers_from(shared, rules.vocabulary)
        decision = decide(rules, answers, context.today())
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE), context.work() as work:
        told = ReceiveSignal(submission_key=command.submission_key, facts=shared, kind=SignalKind.GROUP)
        said = Said(told, answers, decision, command.model_dump(mode="json", include={"head_count", "action_on"}))
        known, digest = kept_before(context, work, said)
        if known is not None:
            return group_view(work, known)
        keep_rules(context, work, bundle_from(rules))
        advice = advice_on(context, work, answers, decision)
        group = keep_signal(context, work, said, Kept(digest, Event.GROUP_ANNOUNCED, advice=advice))
        tell_number(context, work, group)
        await_triage(context, work, group, command.action_on)
        return group_view(work, group)
