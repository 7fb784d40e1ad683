"""What of a provider's word is believed, and what is not."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from appliance.errors import BadRequest, NotSignedIn
from appliance.signin import oidc
from appliance.signin.oidc import Provider

ISSUER, CLIENT, NONCE = "https://id.escola.example", "balcao", "n-77"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "1"}


def said(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    known = {"iss": ISSUER, "aud": CLIENT, "sub": "7001", "iat": now, "exp": now + 60,
             "nonce": NONCE}  # fmt: skip
    return {name: value for name, value in (known | more).items() if value is not None}


def token(key: Any = KEY, algorithm: str = "RS256", **more: Any) -> str:
    return jwt.encode(said(**more), key, algorithm=algorithm, headers={"kid": "1"})


def read(text: str) -> dict[str, Any]:
    return oidc.claims(text, [PUBLIC], issuer=ISSUER, client=CLIENT, nonce=NONCE)


def test_a_token_of_the_provider_is_believed() -> None:
    assert read(token())["sub"] == "7001"


@pytest.mark.guarantee("SEC-38")
@pytest.mark.parametrize(
    "more",
    [
        {"nonce": "outro"}, {"nonce": None}, {"aud": "outra"}, {"iss": "https://evil.test"},
        {"exp": int(time.time()) - 3600}, {"exp": None}, {"sub": None}, {"sub": ""},
        {"aud": [CLIENT, "outra"]}, {"azp": "outra"}, {"iat": None},
    ],
    ids=lambda more: next(iter(more)),
)  # fmt: skip
def test_a_token_for_anything_else_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn) as refused:
        read(token(**more))

    assert refused.value.code == "oidc_token"


@pytest.mark.guarantee("SEC-38")
def test_a_token_that_nobody_signed_or_somebody_else_did_is_refused() -> None:
    secret = "0" * 64
    forged = [
        token("", algorithm="none"), token(secret, algorithm="HS256"), token(OTHER), "", "a.b.c",
        "x" * 70_000,
    ]  # fmt: skip
    for one in forged:
        with pytest.raises(NotSignedIn):
            read(one)


@pytest.mark.guarantee("SEC-38")
@pytest.mark.parametrize(
    "path", ["https://evil.test", "//evil.test", "javascript:alert(1)", "/\\evil.test", "", "\t//x",
             "/\n/evil.test", "/" + "a" * 600]
)  # fmt: skip
def test_one_goes_on_to_a_page_of_this_house_alone(path: str) -> None:
    with pytest.raises(BadRequest):
        oidc.local_path(path)


def test_a_page_of_this_house_is_gone_on_to() -> None:
    assert oidc.local_path("/#/assistants/7") == "/#/assistants/7"


@pytest.mark.parametrize(
    "issuer", ["http://id.escola.example", "javascript:x", "https://a@b.example", "https://b/?x=1"]
)
def test_an_issuer_is_asked_under_tls(issuer: str) -> None:
    with pytest.raises(BadRequest):
        Provider(issuer=issuer).check()


def test_groups_lie_in_a_claim_or_inside_one() -> None:
    assert oidc.groups_of({"groups": ["a", 7, "b"]}, "groups") == ("a", "b")
    assert oidc.groups_of({"realm_access": {"roles": ["a"]}}, "realm_access.roles") == ("a",)
    assert oidc.groups_of({"groups": "a"}, "groups") == ("a",)
    assert oidc.groups_of({}, "a.b") == ()


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert oidc.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
