"""Where the next page of a list is (RFC 8288)."""

from urllib.parse import urlencode

from fastapi import Response
from pydantic import BaseModel


def link_next(response: Response, path: str, question: BaseModel, cursor: str | None) -> None:
    """Link the next page, with everything that was asked for this one.

    Args:
        response: the answer.
        path: address of the list.
        question: what was asked.
        cursor: where the next page begins; None when there is none.
    """
    if cursor is not None:
        asked = question.model_dump(mode="json", by_alias=True, exclude_none=True) | {"cursor": cursor}
        response.headers["Link"] = f'<{path}?{urlencode(asked)}>; rel="next"'
