"""Calls the service over HTTP as a coordinator, an auditor or anybody else outside would."""

from typing import Any, ClassVar

import httpx

from service.kernel.errors import DomainError, Kind

Json = dict[str, Any]


class RefusedHere(DomainError):
    """The service refused a call of the rehearsal."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "refused-here"
    title: ClassVar[str] = "The service refused a call of the rehearsal"


class HttpCaller:
    """Somebody with a bearer token."""

    def __init__(self, url: str, token: str) -> None:
        """Prepare to call.

        Args:
            url: where the service listens.
            token: the bearer token.
        """
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            trust_env=False,
            timeout=10.0,
        )

    def get(self, path: str) -> Json:
        """Read something.

        Raises:
            RefusedHere: the answer was no success.
        """
        return _content(self._client.get(path))

    def post(self, path: str, body: Json | None = None, *, version: int | None = None) -> Json:
        """Do something.

        Args:
            path: where.
            body: what to say.
            version: of what is changed, as it was seen.

        Raises:
            RefusedHere: the answer was no success.
        """
        seen = {} if version is None else {"If-Match": f'"{version}"'}
        return _content(self._client.post(path, json=body, headers=seen))


def _content(answer: httpx.Response) -> Json:
    if not answer.is_success:
        raise RefusedHere(f"{answer.request.method} {answer.request.url.path} was answered {answer.status_code}")
    content = answer.json()
    return content if isinstance(content, dict) else {}
