"""A partner looks into its inbox: what it was asked and how far that is, so that it needs no system that listens."""

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.access.roles import Scope
from service.audit.event import Event, Touched
from service.casework.context import Context
from service.casework.questions import ListReferrals
from service.casework.trail.tell_of_lists import Listed, tell
from service.casework.views.referrals import InboxLine, InboxPage
from service.consent import store as consents
from service.consent.tables import Recall
from service.database.pages import cut, page_of
from service.kernel.paging import Mark, cursor, mark_from
from service.referrals.tables import Referral


def list_referrals(context: Context, question: ListReferrals) -> InboxPage:
    """Give one page of what a partner was asked, newest first; the content is fetched one by one.

    Args:
        context: the partner, whose organisation is its id in the directory.
        question: which referrals, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read referrals.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.REFERRALS_READ)
    after = mark_from(question.cursor)
    wanted = _wanted(context, question)
    ordered = page_of(wanted, (col(Referral.queued_at), col(Referral.id)), question.page_size, after)
    with context.work() as work:
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        shown = [(one.case_id, Touched("referral", str(one.id))) for one in rows]
        waiting = consents.waiting_for(work.session, [one.id for one in rows])
        tell(context, work, Listed(Event.REFERRAL_LISTED, question, shown))
    lines = tuple(_line(one, waiting.get(one.id)) for one in rows)
    return InboxPage(items=lines, next_cursor=cursor(end))


def _wanted(context: Context, question: ListReferrals) -> SelectOfScalar[Referral]:
    wanted = select(Referral).where(
        col(Referral.partner_id) == context.caller.org, col(Referral.queued_at).is_not(None)
    )
    return wanted if question.state is None else wanted.where(col(Referral.state) == question.state)


def _line(referral: Referral, recalled: Recall | None) -> InboxLine:
    told = {name: getattr(referral, name) for name in InboxLine.model_fields if hasattr(referral, name)}
    if recalled is None:
        return InboxLine(**told, acknowledge_by=None, recalled_fields=())
    return InboxLine(**told, acknowledge_by=recalled.answer_by, recalled_fields=tuple(recalled.fields))


def _mark(referral: Referral) -> Mark:
    if referral.queued_at is None:
        message = "what was never released is in no inbox"
        raise ValueError(message)
    return Mark(referral.queued_at, referral.id)
