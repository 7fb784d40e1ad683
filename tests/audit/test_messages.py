"""An act as a message of RFC 5424: all of it there, and nothing in it breaks out."""

import msgspec
import pytest

from appliance.audit import read_head
from appliance.audit.messages import message
from appliance.audit.searching import Entry
from tests.loghouse import read

pytestmark = pytest.mark.guarantee("INS-10")

ACT = Entry(
    id="17",
    at="2026-11-27T08:00:00.123Z",
    caller="person:ana",
    name="Ana Prado",
    act="key.create",
    subject="k1",
    details={"name": "programa", "scopes": ["ask"]},
    hash="ab" * 32,
)
HOSTILE = [
    '"] [evil@1 x="',
    "\\",
    'a"b]c\\d',
    "one\ntwo",
    "\r\n<0>1 x",
    "\x1b[31m",
    "\u2028",
    "ação ✓",
]


def changed(**fields: object) -> Entry:
    return msgspec.structs.replace(ACT, **fields)


def test_an_act_is_one_message_with_all_that_is_on_record() -> None:
    told = read(message(ACT, "balcao.escola.lan"))

    assert (told.priority // 8, told.priority % 8) == (13, 5)  # log audit, notice
    assert (told.at, told.host, told.app, told.kind) == (
        ACT.at, "balcao.escola.lan", "balcao", "key.create",
    )  # fmt: skip
    assert told.structure == "balcao@32473"
    details = told.data.pop("details")
    assert msgspec.json.decode(details) == ACT.details
    assert told.data == {
        "id": "17", "caller": "person:ana", "name": "Ana Prado", "act": "key.create",
        "subject": "k1", "hash": "ab" * 32,
    }  # fmt: skip
    assert told.text == "\ufeffAna Prado: key.create"


def test_its_id_and_hash_are_a_head_that_a_verification_takes() -> None:
    data = read(message(ACT, "x")).data

    assert str(read_head(f"{data['id']}:{data['hash']}")) == f"17:{'ab' * 32}"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_somebody_typed_breaks_out_of_its_place(text: str) -> None:
    raw = message(changed(name=text, subject=text, details={"reason": text}), text)
    told = read(raw)

    assert set(told.data) == {"id", "caller", "name", "act", "subject", "hash", "details"}
    assert told.data["name"] == "".join(sign if sign.isprintable() else "?" for sign in text)
    assert told.data["id"] == "17"
    assert b"\n" not in raw
    assert b"\r" not in raw
    assert b"\x1b" not in raw


@pytest.mark.parametrize("filling", ["ã", '"', "]", "\\", "✓", "a"])
def test_what_is_long_is_cut_so_that_a_datagram_holds_it(filling: str) -> None:
    raw = message(
        changed(
            caller="person:" + "p" * 500, name="é" * 500, subject='"' * 500,
            details={"text": filling * 5000},
        ),
        "h" * 500,
    )  # fmt: skip
    told = read(raw)

    assert len(raw) <= 2048
    assert told.data["details"].endswith("…")
    assert told.data["hash"] == ACT.hash


def test_what_is_not_there_is_left_out() -> None:
    told = read(message(changed(name="", subject="", details={}), ""))

    assert set(told.data) == {"id", "caller", "act", "hash"}
    assert (told.host, told.text) == ("-", "\ufeffperson:ana: key.create")
