"""Every known way to get past a bearer token ends in 401, never in an answer and never in a crash."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.access.provider_keys import FetchFailed, ProviderKeys
from service.access.tokens import Trusted
from service.app import build_app
from service.wiring import Service
from tests.access.provider import (
    AUDIENCE,
    ISSUER,
    PublishedKeys,
    claims,
    ec_key,
    encoded,
    jwk_of,
    key_set,
    rsa_key,
    segment,
    signed,
    token,
)
from tests.factories import audit_bodies, bearer

CASE: Final = "/v1/cases/00000000-0000-7000-8000-000000000000"
RSA, EC, SHORT, STRANGER = rsa_key(), ec_key(), rsa_key(1024), rsa_key()
SET: Final = key_set(jwk_of(RSA, "rsa"), jwk_of(EC, "ec"), jwk_of(SHORT, "short"), jwk_of(RSA, "enc", use="enc"))
HOUR: Final = 3600
SOON: Final = claims()["exp"]


def calling(service: Service, keys: PublishedKeys) -> httpx.AsyncClient:
    provider = Trusted(ISSUER, AUDIENCE, ProviderKeys(keys).find, "org", "role")
    app = build_app(replace(service, provider=provider))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://api.example.org")


@pytest.fixture
async def api(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(service, PublishedKeys([SET])) as client:
        yield client


def mac_with(secret: bytes) -> str:
    signing_input = f"{segment({'alg': 'HS256', 'kid': 'rsa', 'typ': 'JWT'})}.{segment(claims())}"
    return f"{signing_input}.{encoded(hmac.new(secret, signing_input.encode(), hashlib.sha256).digest())}"


def public(encoding: Encoding) -> bytes:
    return RSA.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def raw(header: object, payload: object, signature: str = "AAAA") -> str:
    return f"{segment(header)}.{segment(payload)}.{signature}"


def to_bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "==")


def with_payload(text: bytes) -> str:
    return signed(RSA, f"{segment({'alg': 'RS256', 'kid': 'rsa', 'typ': 'JWT'})}.{encoded(text)}")


GOOD: Final = {"rsa": token(RSA, "rsa"), "ec": token(EC, "ec")}
HEAD, BODY, SIGNATURE = GOOD["ec"].split(".")

ATTACKS: Final[dict[str, str]] = {
    # the signature is done without
    "alg none": raw({"alg": "none", "kid": "rsa"}, claims(), ""),
    "alg None": raw({"alg": "None", "kid": "rsa"}, claims(), ""),
    "alg empty": raw({"alg": "", "kid": "rsa"}, claims(), ""),
    "signature cut off": f"{HEAD}.{BODY}.",
    "signature of zeros": f"{HEAD}.{BODY}.{encoded(bytes(64))}",
    "signature in another form (DER)": f"{HEAD}.{BODY}.{encoded(EC.sign(b'x', ECDSA(SHA256())))}",
    "claims changed": f"{HEAD}.{segment(claims(role='administrator'))}.{SIGNATURE}",
    # the key is another one
    "signed by a stranger": token(STRANGER, "rsa"),
    "HS256 with the public key as PEM": mac_with(public(Encoding.PEM)),
    "HS256 with the public key as DER": mac_with(public(Encoding.DER)),
    "HS256 with nothing": mac_with(b""),
    "ES256 said of an RSA key": signed(RSA, f"{segment({'alg': 'ES256', 'kid': 'rsa'})}.{segment(claims())}"),
    "RS256 said of an EC key": signed(EC, f"{segment({'alg': 'RS256', 'kid': 'ec'})}.{segment(claims())}"),
    "RS384": token(RSA, "rsa", {"alg": "RS384"}),
    "PS256": token(RSA, "rsa", {"alg": "PS256"}),
    "a key of 1024 bits": token(SHORT, "short"),
    "a key for encryption": token(RSA, "enc"),
    "a key nobody published": token(RSA, "unknown"),
    "no key named": token(RSA, "rsa", {"kid": None}),
    "key named by a number": token(RSA, "rsa", {"kid": 1}),
    "key named by a list": token(RSA, "rsa", {"kid": ["rsa"]}),
    "key named by a path": token(RSA, "../../dev/null"),
    "key brought along (jwk)": token(STRANGER, "rsa", {"jwk": jwk_of(STRANGER, "rsa")}),
    "key to be fetched (jku)": token(STRANGER, "rsa", {"jku": "https://attacker.example.org/keys"}),
    "certificate to be fetched (x5u)": token(STRANGER, "rsa", {"x5u": "https://attacker.example.org/cert"}),
    "certificate brought along (x5c)": token(STRANGER, "rsa", {"x5c": ["AAAA"]}),
    "extension that must be understood (crit)": token(RSA, "rsa", {"crit": ["b64"], "b64": False}),
    # the header is no header
    "alg a list": raw({"alg": ["RS256"], "kid": "rsa"}, claims()),
    "alg an object": raw({"alg": {}, "kid": "rsa"}, claims()),
    "alg a number": raw({"alg": 256, "kid": "rsa"}, claims()),
    "alg null": raw({"alg": None, "kid": "rsa"}, claims()),
    "typ of something else": token(RSA, "rsa", {"typ": "JWE"}),
    "typ a number": token(RSA, "rsa", {"typ": 1}),
    "header a list": raw([], claims()),
    "header text": raw("RS256", claims()),
    "header nested deep": f"{encoded(b'[' * 4000)}.{BODY}.{SIGNATURE}",
    "header not UTF-8": f"{encoded(bytes([255, 254]))}.{BODY}.{SIGNATURE}",
    "two segments": f"{HEAD}.{BODY}",
    "four segments": f"{GOOD['ec']}.AAAA",
    "five segments, as if encrypted": f"{GOOD['ec']}.AAAA.AAAA",
    "not base64": f"%%%.{BODY}.{SIGNATURE}",
    "very long": "a" * 100_000,
    "very long but well-formed": token(RSA, "rsa", padding="x" * 9000),
    # the claims are no claims
    "payload a list": with_payload(b"[]"),
    "payload text": with_payload(b'"x"'),
    "payload no JSON": with_payload(b"{"),
    "payload nested deep": with_payload(b'{"iss":' + b"[" * 3000),
    "payload not UTF-8": with_payload(b"\xff\xfe"),
    # the claims are wrong
    "run out": token(RSA, "rsa", exp=SOON - 2 * HOUR),
    "without an end": token(RSA, "rsa", exp=None),
    "end as text": token(RSA, "rsa", exp=str(SOON)),
    "end infinite": with_payload(json.dumps(claims(exp=float("inf"))).encode()),
    "end not a number": with_payload(json.dumps(claims(exp=float("nan"))).encode()),
    "end beyond every number": with_payload(json.dumps(claims(exp=SOON)).replace(str(SOON), "9" * 400).encode()),
    "end a list": token(RSA, "rsa", exp=[SOON]),
    "end true": token(RSA, "rsa", exp=True),
    "made in the future": token(RSA, "rsa", iat=SOON + HOUR),
    "without a beginning": token(RSA, "rsa", iat=None),
    "beginning a list": token(RSA, "rsa", iat=[1]),
    "not yet good": token(RSA, "rsa", nbf=SOON + HOUR),
    "not yet good, as text": token(RSA, "rsa", nbf="0"),
    "for another service": token(RSA, "rsa", aud="other"),
    "for nobody": token(RSA, "rsa", aud=None),
    "for a list without us": token(RSA, "rsa", aud=["other"]),
    "for a number": token(RSA, "rsa", aud=7),
    "by another issuer": token(RSA, "rsa", iss="https://attacker.example.org"),
    "by our own issuer, with the provider's key": token(RSA, "rsa", iss="urn:nrm:local-issuer", aud="nrm-api"),
    "by no issuer": token(RSA, "rsa", iss=None),
    "by a list of issuers": token(RSA, "rsa", iss=[ISSUER]),
    "about nobody": token(RSA, "rsa", sub=None),
    "about a number": token(RSA, "rsa", sub=7),
    "about somebody's address": token(RSA, "rsa", sub="jane@example.org"),
    "about somebody's name": token(RSA, "rsa", sub="Jane Doe"),
    "without a number of its own": token(RSA, "rsa", jti=None),
    "without an organisation": token(RSA, "rsa", org=None),
    "with two organisations": token(RSA, "rsa", org=["office-north", "office-south"]),
    "with an organisation that is a pattern": token(RSA, "rsa", org="%"),
    "without a role": token(RSA, "rsa", role=None),
    "with a role nobody has": token(RSA, "rsa", role="queen"),
    "as the service itself": token(RSA, "rsa", role="system"),
    "with two roles": token(RSA, "rsa", role=["auditor", "administrator"]),
    "with a role that is an object": token(RSA, "rsa", role={"coordinator": 1}),
    "allowing nothing": token(RSA, "rsa", scope=""),
    "allowing nothing of ours": token(RSA, "rsa", scope="openid profile"),
    "without a scope": token(RSA, "rsa", scope=None),
    "with scopes in a list": token(RSA, "rsa", scope=["cases:read"]),
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_an_attack_ends_in_401(api: httpx.AsyncClient, attack: str, method: str) -> None:
    answer = await api.request(method, CASE, headers={"Authorization": f"Bearer {attack}"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="nrm", error="invalid_token"'
    if method == "GET":
        problem = answer.json()
        assert (problem["type"], problem["detail"]) == (
            "urn:nrm:problem:unauthenticated",
            "A valid bearer token is needed",
        )


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD.keys())
@pytest.mark.parametrize("role", ["coordinator", ["offline_access", "coordinator"]], ids=["word", "list"])
async def test_what_is_attacked_would_let_a_good_token_in(api: httpx.AsyncClient, good: str, role: object) -> None:
    for one in (good, token(RSA, "rsa", role=role, aud=["other", AUDIENCE])):
        assert (await api.get(CASE, headers={"Authorization": f"Bearer {one}"})).status_code == 404


async def test_a_token_that_was_good_but_for_one_character_is_401(api: httpx.AsyncClient) -> None:
    good = GOOD["ec"]
    for place in range(0, len(good), 7):
        other = "A" if good[place] != "A" else "B"
        changed = good[:place] + other + good[place + 1 :]
        same = changed.split(".")[:2] == good.split(".")[:2] and to_bytes(changed.split(".")[-1]) == to_bytes(SIGNATURE)
        answer = await api.get(CASE, headers={"Authorization": f"Bearer {changed}"})
        assert same or answer.status_code == 401, place


async def test_a_token_anywhere_else_than_in_its_header_is_not_looked_at(api: httpx.AsyncClient) -> None:
    good = GOOD["ec"]
    answers = [
        await api.get(f"{CASE}?access_token={good}"),
        await api.get(CASE, headers={"Cookie": f"access_token={good}"}),
        await api.get(CASE, headers={"X-Authorization": f"Bearer {good}"}),
        await api.get(CASE, headers={"Fsc-Authorization": f"Bearer {good}"}),
        await api.post("/v1/signals", json={"access_token": good}),
    ]

    assert [answer.status_code for answer in answers] == [400, 401, 401, 401, 401]
    assert not any(good in answer.text for answer in answers)


async def test_while_the_provider_s_keys_cannot_be_had_its_tokens_are_503_and_our_own_are_good(
    service: Service,
) -> None:
    async with calling(service, PublishedKeys([FetchFailed()])) as api:
        theirs = await api.get(CASE, headers={"Authorization": f"Bearer {GOOD['rsa']}"})
        ours = await api.get(CASE, headers=bearer(service))

    assert (theirs.status_code, theirs.headers["Retry-After"]) == (503, "5")
    assert ours.status_code == 404


async def test_where_a_provider_gives_the_tokens_our_own_can_be_turned_off(service: Service) -> None:
    settings = service.settings.model_copy(update={"local_tokens": False})
    async with calling(replace(service, settings=settings), PublishedKeys([SET])) as api:
        ours = await api.get(CASE, headers=bearer(service))
        theirs = await api.get(CASE, headers={"Authorization": f"Bearer {GOOD['rsa']}"})

    assert (ours.status_code, theirs.status_code) == (401, 404)


async def test_who_is_known_to_a_provider_is_known_by_the_same_pseudonym_to_the_trail(
    api: httpx.AsyncClient, service: Service
) -> None:
    await api.get(CASE, headers={"Authorization": f"Bearer {GOOD['rsa']}"})

    (refused,) = [one for one in audit_bodies(service, "sys") if one["event"] == "access:refused"]
    assert (refused["actor"], refused["org"], refused["role"]) == (
        "3f0e5a52-coordinator",
        "office-north",
        "coordinator",
    )
