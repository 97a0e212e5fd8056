"""Bearer tokens: the only module that touches the token library, with its own checks before the library's.

The library is barely maintained and ignores `crit`, accepts a set of algorithms wrongly and lets several kinds of
exception escape; so the header is judged here, one key is chosen here, and whatever fails ends in one refusal.
"""

import base64
import json
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from jose import jwt

from service.access.keys import TokenKey
from service.access.roles import Caller, Role, Scope
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id

LIFETIME: Final = timedelta(hours=12)
"""How long a token of the local issuer is good for unless asked otherwise."""

_ALGORITHM: Final = "ES256"
_LARGEST: Final = 8192
_LEEWAY: Final = 30
_SEGMENTS: Final = 3
_TYPES: Final = frozenset({"JWT", "at+jwt"})
_KEYS_IN_HEADER: Final = frozenset({"crit", "jku", "jwk", "x5u", "x5c"})
_PSEUDONYM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REQUIRED: Final = {f"require_{claim}": True for claim in ("exp", "iat", "iss", "aud", "sub", "jti")}


class Unauthenticated(DomainError):
    """Nobody knows who is calling; why is not told."""

    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"
    title = "A valid bearer token is needed"


class BadSubject(DomainError):
    """A subject or organisation is not a pseudonym that the trail may hold."""

    kind = Kind.INVALID
    code = "bad-subject"
    title = "A subject and an organisation are pseudonyms of letters, digits, dot, dash and underscore"


@dataclass(frozen=True)
class Issuer:
    """Who issues tokens and for which service they are meant."""

    key: TokenKey
    issuer: str
    audience: str

    def issue(self, who: Caller, at: datetime, lifetime: timedelta = LIFETIME) -> str:
        """Write a token.

        Args:
            who: whom it is for and what it allows.
            at: real time, aware.
            lifetime: how long it is good for.

        Raises:
            BadSubject: the subject or organisation could be a name or an address.
        """
        if not _PSEUDONYM.fullmatch(who.subject) or not _PSEUDONYM.fullmatch(who.org):
            raise BadSubject
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": who.subject,
            "azp": who.org,
            "jti": str(new_id()),
            "iat": int(at.timestamp()),
            "exp": int((at + lifetime).timestamp()),
            "role": who.role.value,
            "scope": " ".join(sorted(who.scopes)),
        }
        headers = {"kid": self.key.kid, "typ": "at+jwt"}
        return str(jwt.encode(claims, self.key.private_pem, algorithm=_ALGORITHM, headers=headers))

    def verify(self, token: str, at: datetime) -> Caller:
        """Tell who holds a token.

        Args:
            token: what came in the Authorization header.
            at: real time, aware.

        Raises:
            Unauthenticated: for whatever reason the token is not good.
        """
        try:
            _check_header(token, self.key.kid)
            claims = jwt.decode(
                token,
                self.key.public_pem,
                algorithms=[_ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options={**_REQUIRED, "leeway": _LEEWAY},
            )
            _check_times(claims, at.timestamp())
            return _caller(claims)
        except Exception:  # noqa: BLE001 -- the library lets TypeError, OverflowError and RecursionError escape
            raise Unauthenticated from None


class _BadToken(Exception):
    """Why a token was refused; never leaves this module."""


def _check_header(token: str, kid: str) -> None:
    if len(token) > _LARGEST or token.count(".") != _SEGMENTS - 1 or not token.isascii():
        raise _BadToken
    first = token.split(".", 1)[0]
    header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    if not isinstance(header, dict) or _KEYS_IN_HEADER & header.keys():
        raise _BadToken
    if header.get("alg") != _ALGORITHM or header.get("kid") != kid or header.get("typ", "JWT") not in _TYPES:
        raise _BadToken


def _check_times(claims: dict[str, Any], now: float) -> None:
    for name in ("exp", "iat", "nbf"):
        value = claims.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _BadToken
    if claims["exp"] + _LEEWAY < now or claims["iat"] > now + _LEEWAY or claims.get("nbf", 0) > now + _LEEWAY:
        raise _BadToken


def _caller(claims: dict[str, Any]) -> Caller:
    subject, org, scope = claims["sub"], claims["azp"], claims["scope"]
    if not _PSEUDONYM.fullmatch(subject) or not _PSEUDONYM.fullmatch(org):
        raise _BadToken
    allowed = frozenset(Scope(word) for word in scope.split())
    return Caller(subject=subject, role=Role(claims["role"]), org=org, scopes=allowed)
