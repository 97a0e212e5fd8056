"""One page of a list, newest first or what comes first, and where the next one begins."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import Mapped

from service.kernel.paging import Mark

Row = TypeVar("Row")
Page = TypeVar("Page", bound=Select[*tuple[Any, ...]])


def page_of(
    question: Page,
    order: tuple[Mapped[Any], Mapped[Any]],
    size: int,
    after: Mark | None,
    written: Callable[[UUID], object] = lambda known: known,
    *,
    first_first: bool = False,
) -> Page:
    """Ask for one page and one row more, which tells whether there is a next page.

    Args:
        question: what is listed, already limited to what the caller may see.
        order: the column of an instant and the column of the id; both together are unique.
        size: rows on a page.
        after: the last row of the page before.
        written: gives an id as its column holds it, where that is another form.
        first_first: whether what has the earliest instant comes first, as where it is still to come.
    """
    at, row_id = order
    if first_first:
        if after is not None:
            question = question.where(or_(at > after.at, and_(at == after.at, row_id > written(after.id))))
        return question.order_by(at, row_id).limit(size + 1)
    if after is not None:
        question = question.where(or_(at < after.at, and_(at == after.at, row_id < written(after.id))))
    return question.order_by(at.desc(), row_id.desc()).limit(size + 1)


def cut(rows: list[Row], size: int, mark: Callable[[Row], Mark]) -> tuple[list[Row], Mark | None]:
    """Keep the rows of one page, and mark its end when there is a next page.

    Args:
        rows: what was found, with the one row more.
        size: rows on a page.
        mark: gives the place of a row in the list.
    """
    kept = rows[:size]
    return kept, mark(kept[-1]) if len(rows) > size else None
