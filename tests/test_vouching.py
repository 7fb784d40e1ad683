"""What a site says about its visitor, and that it was the site that said it (SEC-33)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from appliance import vouching
from appliance.errors import BadRequest, NotAllowed, Refusal

SECRET = "bi_segredo-do-site"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def text(minutes: float = 10, **more: Any) -> str:
    ends = int((NOW + timedelta(minutes=minutes)).timestamp())
    return json.dumps({"id": "4711", "name": "Ana Souza", "expires": ends} | more)


def read(said: str, signed: str | None = None, secret: str = SECRET) -> vouching.Voucher:
    given = vouching.signature(said, SECRET) if signed is None else signed
    return vouching.read(said, given, secret, now=NOW)


def why(said: str, signed: str | None = None, secret: str = SECRET) -> str:
    with pytest.raises(Refusal) as told:
        read(said, signed, secret)
    return told.value.code


def test_a_signed_text_says_who_the_visitor_is() -> None:
    voucher = read(text())

    assert (voucher.id, voucher.name) == ("4711", "Ana Souza")


def test_the_signature_is_hmac_sha256_as_everybody_computes_it() -> None:
    """RFC 4231, test case 2."""
    assert vouching.signature("what do ya want for nothing?", "Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_name_may_be_left_out_and_letters_may_be_of_any_script() -> None:
    assert read(json.dumps({"id": "学生 7", "expires": NOW.timestamp() + 60})).name == ""


def test_capitals_and_blanks_around_the_signature_change_nothing() -> None:
    said = text()

    assert read(said, f" {vouching.signature(said, SECRET).upper()}\n").id == "4711"


@pytest.mark.guarantee("SEC-33")
def test_what_the_site_did_not_sign_is_not_even_read() -> None:
    said = text()
    signed = vouching.signature(said, SECRET)

    tampered = said.replace("4711", "4712")
    assert why(tampered, signed) == "identity_not_signed"
    assert why(said, signed[:-1]) == "identity_not_signed"
    assert why(said, "") == "identity_not_signed"
    assert why(said, "é" * 64) == "identity_not_signed"
    assert why("{", "0" * 64) == "identity_not_signed"
    assert why(said, secret="bi_de-outro") == "identity_not_signed"


@pytest.mark.guarantee("SEC-33")
@pytest.mark.parametrize(
    ("minutes", "code"),
    [(0, "identity_expired"), (-60, "identity_expired"), (24 * 60 + 1, "identity_too_far")],
)
def test_what_is_over_or_would_last_for_days_is_refused(minutes: float, code: str) -> None:
    assert why(text(minutes)) == code
    assert read(text(24 * 60)).id == "4711", "a day is not too long"


@pytest.mark.parametrize(
    "said",
    ["", "4711", "[]", "{}", "\ud800", '{"id": "", "expires": 1}', '{"id": 7, "expires": 1}',
     '{"id": "7"}', text(role="admin"), text(id="7" * 201), text(name="N" * 201),
     text(expires="logo")],
)  # fmt: skip
def test_what_is_no_identity_is_refused_with_the_reason(said: str) -> None:
    assert why(said) == "identity_malformed"


def test_an_endless_text_is_refused_before_anything_is_computed() -> None:
    said = text(name="N" * vouching.LONGEST)

    assert why(said, "") == "identity_too_long"


def test_refusals_of_the_site_are_no_sign_in() -> None:
    assert issubclass(BadRequest, Refusal)
    assert NotAllowed("identity_expired").status == 403
