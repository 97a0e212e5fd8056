"""Which version a caller has seen: entity tags made from version columns (RFC 9110, sections 8.8.3 and 13.1.1)."""

import re
from typing import Annotated, Final, Protocol, TypeVar

from fastapi import Depends, Header, Response

from service.kernel.versions import Seen

_TAG: Final = re.compile(r'"([0-9]{1,9})"')


class Versioned(Protocol):
    """Something shown that has a version."""

    @property
    def version(self) -> int:
        """The version that is shown."""
        ...


Shown = TypeVar("Shown", bound=Versioned)


def tagged(response: Response, shown: Shown) -> Shown:
    """Name the version of what is answered, and give it back.

    Args:
        response: the answer.
        shown: what it shows.
    """
    response.headers["ETag"] = f'"{shown.version}"'
    return shown


def seen_versions(
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", max_length=200, description="ETag of what was read before this change."),
    ] = None,
) -> Seen:
    """Give the versions that a caller names; a weak tag, a star or anything else matches none.

    Args:
        if_match: the header as it came.
    """
    if if_match is None:
        return None
    tags = (_TAG.fullmatch(part.strip()) for part in if_match.split(","))
    return frozenset(int(found[1]) for found in tags if found is not None)


SeenVersions = Annotated[Seen, Depends(seen_versions)]
