"""A token is good only if this service made it for this service and it has not run out."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from jose import jwt

from service.access.keys import TokenKey, open_token_key
from service.access.roles import Role, Scope, caller
from service.access.tokens import BadSubject, Issuer, Unauthenticated, verify

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(open_token_key(tmp_path_factory.mktemp("keys")), "urn:test:issuer", "test-api")


def claims(**changes: object) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "iss": "urn:test:issuer",
        "aud": "test-api",
        "sub": "coordinator-1",
        "azp": "office-north",
        "jti": "one",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 600,
        "role": "coordinator",
        "scope": "cases:read",
    }
    changed = {**plain, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def signed(issuer: Issuer, header: dict[str, Any] | None = None, **changes: object) -> str:
    headers = {"kid": issuer.key.kid, "typ": "at+jwt", **(header or {})}
    return str(jwt.encode(claims(**changes), issuer.key.private_pem, algorithm="ES256", headers=headers))


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def without_signature(issuer: Issuer) -> str:
    return f"{segment({'alg': 'none', 'typ': 'JWT', 'kid': issuer.key.kid})}.{segment(claims())}."


def signed_with_the_public_key(issuer: Issuer) -> str:
    signing_input = f"{segment({'alg': 'HS256', 'typ': 'JWT', 'kid': issuer.key.kid})}.{segment(claims())}"
    mac = hmac.new(issuer.key.public_pem.encode(), signing_input.encode(), hashlib.sha256).digest()
    return f"{signing_input}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def signed_by_somebody_else(issuer: Issuer) -> str:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return str(jwt.encode(claims(), pem.decode(), algorithm="ES256", headers={"kid": issuer.key.kid}))


def test_a_good_token_tells_who_calls_and_what_for(issuer: Issuer) -> None:
    who = caller("coordinator-1", Role.COORDINATOR, "office-north")

    assert verify(issuer.issue(who, NOW), NOW, issuer.trusted()) == who


def test_a_token_can_allow_less_than_its_role_but_never_more(issuer: Issuer) -> None:
    less = verify(signed(issuer, scope="cases:read"), NOW, issuer.trusted())
    more = verify(signed(issuer, scope="cases:read access:grant"), NOW, issuer.trusted())

    assert not less.may(Scope.SIGNALS_WRITE)
    assert not more.may(Scope.ACCESS_GRANT)


BAD_CLAIMS: list[dict[str, Any]] = [
    {"exp": int(NOW.timestamp()) - 3600},
    {"exp": None},
    {"exp": "1795300000"},
    {"exp": True},
    {"exp": float("inf")},
    {"iat": int(NOW.timestamp()) + 3600},
    {"iat": None},
    {"iat": "now"},
    {"nbf": int(NOW.timestamp()) + 3600},
    {"aud": "another-api"},
    {"aud": None},
    {"iss": "urn:somebody:else"},
    {"iss": None},
    {"sub": None},
    {"sub": "Jane Doe"},
    {"azp": None},
    {"azp": ["office-north"]},
    {"jti": None},
    {"role": "queen"},
    {"role": None},
    {"scope": "everything"},
    {"scope": None},
]


@pytest.mark.parametrize(
    "changes", BAD_CLAIMS, ids=[f"{number} {next(iter(changes))}" for number, changes in enumerate(BAD_CLAIMS)]
)
def test_a_token_with_a_claim_that_is_wrong_or_missing_is_refused(issuer: Issuer, changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        verify(signed(issuer, **changes), NOW, issuer.trusted())


BAD_HEADERS: list[dict[str, object]] = [
    {"crit": ["exp"]},
    {"jku": "https://example.org/keys"},
    {"jwk": {"kty": "EC"}},
    {"x5u": "https://example.org/cert"},
    {"kid": "another"},
    {"kid": ["another"]},
    {"typ": "JWE"},
]


@pytest.mark.parametrize("header", BAD_HEADERS, ids=repr)
def test_a_token_whose_header_wants_something_else_is_refused(issuer: Issuer, header: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        verify(signed(issuer, header), NOW, issuer.trusted())


@pytest.mark.parametrize("forged", [without_signature, signed_with_the_public_key, signed_by_somebody_else])
def test_a_forged_token_is_refused(issuer: Issuer, forged: Callable[[Issuer], str]) -> None:
    with pytest.raises(Unauthenticated):
        verify(forged(issuer), NOW, issuer.trusted())


MALFORMED = [
    "",
    "a.b",
    "a.b.c.d",
    "..",
    "é.b.c",
    f"{segment([])}.{segment({})}.x",
    f"{segment({'alg': {}})}.{segment({})}.x",
    f"{base64.urlsafe_b64encode(b'[' * 4000).decode()}.e30.x",
    "a" * 9000,
]


@pytest.mark.parametrize("token", MALFORMED, ids=range(len(MALFORMED)))
def test_a_text_that_is_no_token_is_refused_like_any_other(issuer: Issuer, token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token, NOW, issuer.trusted())


@given(st.text(max_size=60))
def test_no_text_at_all_gets_past_or_breaks_the_check(issuer: Issuer, token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token, NOW, issuer.trusted())


def test_a_token_runs_out(issuer: Issuer) -> None:
    token = issuer.issue(caller("coordinator-1", Role.COORDINATOR, "office-north"), NOW, timedelta(minutes=5))

    with pytest.raises(Unauthenticated):
        verify(token, NOW + timedelta(minutes=6), issuer.trusted())


def test_a_token_that_was_good_is_refused_as_soon_as_its_time_is_over(issuer: Issuer) -> None:
    token = signed(issuer)

    assert verify(token, NOW, issuer.trusted()).subject == "coordinator-1"
    with pytest.raises(Unauthenticated):
        verify(token, NOW + timedelta(hours=1), issuer.trusted())


def test_a_token_that_was_good_is_refused_as_soon_as_its_key_or_its_issuer_is_not_believed(
    issuer: Issuer, tmp_path: Path
) -> None:
    token = signed(issuer)
    rotated = Issuer(open_token_key(tmp_path), issuer.issuer, issuer.audience)
    same_name = replace(rotated, key=replace(rotated.key, kid=issuer.key.kid))
    elsewhere = replace(issuer, audience="another-api")

    assert verify(token, NOW, issuer.trusted()).subject == "coordinator-1"
    for trusted in ([], [rotated.trusted()], [same_name.trusted()], [elsewhere.trusted()]):
        with pytest.raises(Unauthenticated):
            verify(token, NOW, *trusted)
    assert verify(token, NOW, issuer.trusted()).subject == "coordinator-1"


@pytest.mark.parametrize("subject", ["jane@example.org", "Jane Doe", "", "x" * 65])
def test_a_token_is_not_made_for_something_that_could_be_a_name(issuer: Issuer, subject: str) -> None:
    with pytest.raises(BadSubject):
        issuer.issue(caller(subject, Role.COORDINATOR, "office-north"), NOW)


def test_the_key_is_its_owner_s_alone_and_stays_the_same(tmp_path: Path) -> None:
    first = open_token_key(tmp_path / "home")
    again = open_token_key(tmp_path / "home")

    files = list((tmp_path / "home").iterdir())
    assert first == again
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert "PRIVATE" not in repr(first)


def test_a_file_with_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "token-key.pem").write_bytes(pem)

    with pytest.raises(ValueError, match="P-256"):
        open_token_key(tmp_path)


def test_a_key_is_described_without_its_secret_half() -> None:
    assert repr(TokenKey("private", "public", "kid")).startswith("<")
