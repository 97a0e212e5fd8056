"""Fetches a small public document that the operator pointed at, through the one way out."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final

from service.dispatch.outcome import Category
from service.dispatch.outgoing import Answer, Outgoing, Question, Refused, why_not

DEADLINE: Final = 5.0
"""Seconds for one fetch altogether."""

LARGEST: Final = 64 * 1024
"""Bytes that a document may have."""

_USER_AGENT: Final = "nrm-fetch/1"
_FOUND: Final = 200
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


class NotFetched(Exception):
    """The document did not come; the category says why."""

    def __init__(self, category: Category) -> None:
        """Say why.

        Args:
            category: in one word.
        """
        super().__init__(category.value)
        self.category = category


@dataclass(frozen=True)
class Document:
    """What was fetched, and for how many seconds its publisher calls it fresh."""

    body: bytes
    max_age: int | None


def fetch(outgoing: Outgoing, url: str) -> Document:
    """Fetch a document; called from a thread that has no event loop.

    Args:
        outgoing: the way out.
        url: an https address.

    Raises:
        NotFetched: whatever happened.
    """
    question = Question("GET", url, headers={"Accept": "application/json, */*;q=0.1", "User-Agent": _USER_AGENT})
    try:
        answer = asyncio.run(outgoing.ask(question, LARGEST + 1))
        return _document(answer)
    except Exception as failure:  # noqa: BLE001 -- whatever happens inside must end as one refusal without a text
        raise NotFetched(why_not(failure)) from None


def _document(answer: Answer) -> Document:
    if answer.status != _FOUND or not answer.whole or len(answer.body) > LARGEST:
        raise Refused(Category.UNREACHABLE)
    said = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    return Document(answer.body, int(said[1]) if said else None)
