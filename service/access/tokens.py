"""Bearer tokens: the only module that touches the token library, with its own checks before the library's.

The library is barely maintained and ignores `crit`, accepts a set of algorithms wrongly and lets several kinds of
exception escape; so the header is judged here, one key is chosen here, and whatever fails ends in one refusal.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from jose import backends, jwk, jwt
from jose.backends.base import Key

from service.access.key_set import ALGORITHMS, ES256, PublicKey
from service.access.keys import TokenKey
from service.access.provider_keys import KeysUnavailable
from service.access.roles import Caller, Role, Scope
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id

LIFETIME: Final = timedelta(hours=12)
"""How long a token of the local issuer is good for unless asked otherwise."""

LEEWAY: Final = 30
"""Seconds by which the clock of an issuer may be ahead or behind."""

_LARGEST: Final = 8192
_SEGMENTS: Final = 3
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_KEYS_IN_HEADER: Final = frozenset({"crit", "jku", "jwk", "x5u", "x5c"})
_PSEUDONYM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SCOPES: Final[Mapping[str, Scope]] = {scope.value: scope for scope in Scope}
_GIVEN_OUT: Final = frozenset(Role) - {Role.SYSTEM}
_OPTIONS: Final[Mapping[str, Any]] = {
    **{f"require_{claim}": True for claim in ("exp", "iat", "iss", "aud", "sub", "jti")},
    "leeway": LEEWAY,
}

if not backends.RSAKey.__module__.endswith("cryptography_backend"):
    message = "the token library would do its own arithmetic: install python-jose[cryptography]"
    raise ImportError(message)


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


def require_pseudonyms(*names: str) -> None:
    """Stop a subject or organisation that the trail may not hold.

    Raises:
        BadSubject: one of them could be a name or an address.
    """
    if not all(_PSEUDONYM.fullmatch(name) for name in names):
        raise BadSubject


@dataclass(frozen=True)
class Trusted:
    """An issuer whose tokens are believed.

    Attributes:
        issuer: its name, the `iss` of its tokens.
        audience: who its tokens must be meant for.
        find: gives its key of a name at an instant, or nothing.
        org_claim: the claim that names the caller's organisation.
        role_claim: the claim that names the caller's role: a word, or a list with one word that is a role here.
    """

    issuer: str
    audience: str
    find: Callable[[str, datetime], PublicKey | None]
    org_claim: str
    role_claim: str


@dataclass(frozen=True)
class Issuer:
    """The local issuer: who it is and for which service its tokens are meant."""

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
        require_pseudonyms(who.subject, who.org)
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
        return str(jwt.encode(claims, self.key.private_pem, algorithm=ES256, headers=headers))

    def trusted(self) -> Trusted:
        """Give what is needed to believe this issuer's tokens."""
        own = PublicKey(ES256, self.key.public_pem)
        return Trusted(
            issuer=self.issuer,
            audience=self.audience,
            find=lambda kid, _at: own if kid == self.key.kid else None,
            org_claim="azp",
            role_claim="role",
        )


def verify(token: str, at: datetime, *trusted: Trusted) -> Caller:
    """Tell who holds a token.

    Args:
        token: what came in the Authorization header.
        at: real time, aware.
        trusted: the issuers that are believed.

    Raises:
        Unauthenticated: for whatever reason the token is not good.
        KeysUnavailable: the keys of its issuer cannot be had.
    """
    try:
        header, issuer = _header(token), _claims_unchecked(token).get("iss")
        (source,) = (one for one in trusted if one.issuer == issuer)
        key = _key(source, header, at)
        claims = _signed_claims(token, key, source.audience, source.issuer)
        _check_times(claims, at.timestamp())
        return _caller(claims, source)
    except KeysUnavailable:
        raise
    except Exception:  # noqa: BLE001 -- the library lets TypeError, OverflowError and RecursionError escape
        raise Unauthenticated from None


class _BadToken(Exception):
    """Why a token was refused; never leaves this module."""


def _key(source: Trusted, header: dict[str, Any], at: datetime) -> PublicKey:
    key = source.find(header["kid"], at)
    if key is None or key.algorithm != header["alg"]:
        raise _BadToken
    return key


@lru_cache(maxsize=1024)
def _signed_claims(token: str, key: PublicKey, audience: str, issuer: str) -> Mapping[str, Any]:
    """Give what a token claims, if this key has signed it.

    That never changes, so it is remembered. Whether the key is still its issuer's and whether the time has come or is
    over is asked anew each time, by whoever calls this.
    """
    decoded = jwt.decode(
        token,
        _constructed(key),
        algorithms=[key.algorithm],
        audience=audience,
        issuer=issuer,
        options=_OPTIONS,
    )
    return MappingProxyType(decoded)


@lru_cache(maxsize=64)
def _constructed(key: PublicKey) -> Key:
    return jwk.construct(key.pem, key.algorithm)


def _header(token: str) -> dict[str, Any]:
    if len(token) > _LARGEST or token.count(".") != _SEGMENTS - 1 or not token.isascii():
        raise _BadToken
    header = _decoded(token, 0)
    if _KEYS_IN_HEADER & header.keys() or not isinstance(header.get("kid"), str):
        raise _BadToken
    if header.get("alg") not in ALGORITHMS or header.get("typ", "JWT").lower() not in _TYPES:
        raise _BadToken
    return header


def _claims_unchecked(token: str) -> dict[str, Any]:
    # Read only to know whose key to ask for; believed after the signature was checked.
    return _decoded(token, 1)


def _decoded(token: str, segment: int) -> dict[str, Any]:
    part = token.split(".")[segment]
    value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(value, dict):
        raise _BadToken
    return value


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    for name in ("exp", "iat", "nbf"):
        value = claims.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _BadToken
    if claims["exp"] + LEEWAY < now or claims["iat"] > now + LEEWAY or claims.get("nbf", 0) > now + LEEWAY:
        raise _BadToken


def _caller(claims: Mapping[str, Any], source: Trusted) -> Caller:
    subject, org = claims["sub"], claims[source.org_claim]
    if not _PSEUDONYM.fullmatch(subject) or not _PSEUDONYM.fullmatch(org):
        raise _BadToken
    # A provider serves other services too: their scopes mean nothing here, but one of ours there must be.
    allowed = frozenset(_SCOPES[word] for word in claims["scope"].split() if word in _SCOPES)
    if not allowed:
        raise _BadToken
    given_at = datetime.fromtimestamp(claims["iat"], UTC)
    return Caller(subject=subject, role=_role(claims[source.role_claim]), org=org, scopes=allowed, given_at=given_at)


def _role(said: object) -> Role:
    words = [said] if isinstance(said, str) else said
    if not isinstance(words, list):
        raise _BadToken
    (role,) = (Role(word) for word in words if word in _GIVEN_OUT)
    return role
