"""The tracks of a case: on what each rests, what is due and to be done on it, and what was established on the way."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.views.journal import CompensationView, StepView, TrackDate, TracksView, TrackTask, TrackView
from service.casework.views.journal import TrackGround as Ground
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.tables import Deadline
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.journal.tables import JournalEntry
from service.tasks import store as tasks
from service.tasks.tables import Task

_TABLE: Final = "tracks"
_COMPENSATION: Final = "compensation"
_LABOUR: Final = frozenset({"inform_of_wage_claim", "arrange_wage_claim"})
_BELONGS: Final[Mapping[str, frozenset[str]]] = {
    "child": frozenset(
        {
            *("age_check", "age_recheck", "arrange_guardian", "best_interest_decision"),
            "non_punishment_information",
        }
    ),
    "dublin": frozenset({"dublin_target", "ask_jurisdiction_and_leads", "hand_over_plan"}),
    "labour_administrative": _LABOUR | {"reassess_support", "housing_advice"},
    "labour_criminal": _LABOUR,
    "missing": frozenset({"case_consultation", "review_shelter"}),
    "residence": frozenset({"permit_decision_target", "residence_review", "inform_of_permit", "gather_circumstances"}),
    "transnational": frozenset(
        {
            *("return_risk_assessment", "best_interest_decision", "return_follow_up", "follow_up_contact"),
            *("hand_over_plan", "answer_foreign_mechanism", "consult_focal_point"),
            "give_contact_information",
        }
    ),
}
"""The kinds of deadlines and tasks that belong to a track."""


def read_tracks(context: Context, case_id: UUID) -> TracksView:
    """Give the tracks of a case.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        context.record(work, Act(Event.JOURNAL_READ, Action.READ, str(case.id), (asked,)))
        return shown_tracks(context, work, case)


def shown_tracks(context: Context, work: UnitOfWork, case: Case) -> TracksView:
    """Show the tracks of a case to whoever may see it.

    Args:
        context: whose rules say what a row rests on, in words.
        work: the unit of work of the act.
        case: whose tracks they are.
    """
    decided = decisions.content(work.vault, decisions.live_decision(work.session, case.id))
    told = cases.known(work.session, work.vault, case)
    steps = [one for one in journal.entries_of(work.session, case.id) if one.kind is not EntryKind.ASSESSMENT]
    clocks = [one for one in deadlines.clocks(work.session, case.id).values() if deadlines.is_live(one)]
    open_tasks = tasks.open_tasks_of(work.session, case.id)
    return TracksView(
        case_id=case.id,
        version=case.version,
        tracks=tuple(
            _track(track, _grounds(context, decided, track), clocks, open_tasks) for track in decided["tracks"]
        ),
        no_data_to_parents=told.get("parent_suspected") == "yes",
        compensation=_compensation(context, told),
        steps=tuple(_step(work, one) for one in reversed(steps)),
    )


def _track(track: str, rests_on: tuple[Ground, ...], clocks: list[Deadline], open_tasks: list[Task]) -> TrackView:
    belongs = _BELONGS.get(track, frozenset())
    dates = [one for one in clocks if one.kind in belongs]
    return TrackView(
        track=track,
        rests_on=rests_on,
        dates=tuple(
            TrackDate(id=one.id, kind=one.kind, rule=one.rule, due=one.due, due_at=one.due_at)
            for one in sorted(dates, key=lambda one: (one.due, one.kind))
        ),
        tasks=tuple(
            TrackTask(id=one.id, kind=one.kind, rule=one.rule, due=one.due) for one in open_tasks if one.kind in belongs
        ),
    )


def _grounds(context: Context, decided: Mapping[str, Any], track: str) -> tuple[Ground, ...]:
    """Give the rows that opened a track, with their words as far as the rules in force still have them."""
    table = context.rules().tables[_TABLE].table
    rows = {row.id: row for row in table.rows}
    opened = [line for line in decided["trace"] if line["table"] == _TABLE]
    return tuple(
        Ground(
            rule=line["rule"],
            status=line["status"],
            sources=tuple(line["sources"]),
            note=dict(rows[line["row"]].note) or None,
        )
        for line in opened
        if line["row"] in rows and rows[line["row"]].then["track"] == track
    )


def _compensation(context: Context, told: Mapping[str, Any]) -> tuple[CompensationView, ...]:
    fact, known = context.rules().vocabulary.facts.get(_COMPENSATION), told.get(_COMPENSATION, {})
    if fact is None:
        return ()
    return tuple(
        CompensationView(way=way, words=dict(words), state=known.get(way, fact.default))
        for way, words in fact.keys.items()
    )


def _step(work: UnitOfWork, entry: JournalEntry) -> StepView:
    said = journal.said(work.vault, entry)
    return StepView(
        id=entry.id,
        kind=entry.kind,
        on=said.pop("on"),
        about=entry.about,
        said=said,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
    )
