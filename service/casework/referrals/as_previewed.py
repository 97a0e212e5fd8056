"""Whoever looked at what partners will read can say so, by hash: then nothing else is sent, and nothing beside it.

What was seen stands in the body of what sends it, as for a release, and not in `If-Match`: that names versions of the
one thing which the address names, and a version stays the same when rules or consent make another content of it. One
confirmation sends several contents, so each stands beside its referral. Naming them is a choice: whoever confirms
without having looked takes the responsibility for that, as before.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from service.audit.event import Touched
from service.casework.commands.referrals import Previewed
from service.casework.context import Context, Tried
from service.casework.referrals.what_is_read import what_is_read
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.referrals.tables import Referral


class ContentDiffers(DomainError):
    """What would be sent is not what was seen."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "content-differs"
    title: ClassVar[str] = "A partner would read something else than was previewed"


def require_as_previewed(
    context: Context, work: UnitOfWork, tried: Tried, sent: Sequence[Referral], seen: Sequence[Previewed] | None
) -> None:
    """Stop unless exactly that is about to be sent which the caller says to have seen, if the caller says so at all.

    Args:
        context: who sends it.
        work: the unit of work of the act; it holds the case's row.
        tried: where the refusal is kept; it names the referrals then.
        sent: the referrals that are about to be sent.
        seen: the contents that the caller has seen; None when nothing is said about that.

    Raises:
        ContentDiffers: a content would be another now, was not seen, or would not be sent.
    """
    differing = [] if seen is None else list(_differing(context, work, sent, seen))
    if differing:
        tried.named(*(Touched("referral", one) for one, _ in differing))
        raise ContentDiffers(problems=tuple(problem for _, problem in differing))


def _differing(
    context: Context, work: UnitOfWork, sent: Sequence[Referral], seen: Sequence[Previewed]
) -> Iterator[tuple[str, Problem]]:
    now = {one.id: what_is_read(context, work, one).digest for one in sent}
    for place, one in enumerate(seen):
        at = f"/previews/{place}"
        if one.referral_id not in now:
            detail = "This referral would not be sent."
            yield str(one.referral_id), Problem(f"{at}/referral_id", "not-sent", detail)
        elif now[one.referral_id] != one.content_hash:
            detail = "The partner would read something else now; look at the preview again."
            yield str(one.referral_id), Problem(f"{at}/content_hash", ContentDiffers.code, detail)
    for unseen in now.keys() - {one.referral_id for one in seen}:
        yield str(unseen), Problem("/previews", "not-previewed", f"The referral {unseen} would be sent too.")
