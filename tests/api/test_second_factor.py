"""Two steps at the door: set up by whoever is in, asked for at the next sign-in, never weakened
by a browser left open (SEC-29, SEC-39)."""

import time
from typing import Any

import pyotp
import pytest
from httpx import Response

from appliance import audit, options
from appliance.records import Person, Role
from appliance.signin import policy
from tests.api.doors import WORD, Doors, doors

__all__ = ["doors"]

WRONG = "000000"


class Browser:
    """Somebody at a browser of their own."""

    def __init__(self, doors: Doors, person: Person) -> None:
        self.doors, self.person = doors, person
        self.client = doors.new_client()
        self.secret = ""

    def enter(self, code: str | None = None, password: str = WORD) -> Response:
        sent = {"email": self.person.email, "password": password}
        return self.client.post("/api/session", json=sent | ({"totp": code} if code else {}))

    def post(self, path: str, **body: Any) -> Response:
        return self.client.post(f"/api/second-factor{path}", json=body)

    def set_up(self) -> list[str]:
        """Turn it on by the code of a step ago; the recovery codes."""
        self.secret = self.post("", password=WORD).json()["secret"]
        told = self.post("/confirm", code=self.code(-1))
        assert told.status_code == 200, told.text
        return list(told.json()["codes"])

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * steps)

    @property
    def standing(self) -> dict[str, Any]:
        return dict(self.client.get("/api/second-factor").json())


def browser(doors: Doors, name: str = "Ana", role: Role = "admin") -> Browser:
    made = Browser(doors, doors.add(name, role=role))
    assert made.enter().status_code == 200
    return made


def require(doors: Doors, of: policy.SecondFactor) -> None:
    with doors.database.write() as writer:
        options.store(writer, policy.SignIn(second_factor=of))


def test_nobody_has_one_until_they_set_it_up(doors: Doors) -> None:
    ana = browser(doors)

    assert ana.standing == {"enabled": False, "required": False, "since": None, "codes_left": 0}


def test_it_is_set_up_by_picture_and_confirmed_by_a_code(doors: Doors) -> None:
    ana = browser(doors)
    begun = ana.post("", password=WORD).json()

    assert begun["address"].startswith("otpauth://totp/Balc")
    assert f"secret={begun['secret']}" in begun["address"]
    assert begun["picture"].startswith("data:image/svg+xml")
    assert ana.standing["enabled"] is False

    codes = ana.set_up()
    assert len(codes) == 10
    assert ana.standing | {"since": ""} == {
        "enabled": True,
        "required": False,
        "since": "",
        "codes_left": 10,
    }


def test_it_is_asked_for_at_the_next_door(doors: Doors) -> None:
    ana = browser(doors)
    ana.set_up()

    without, wrong, right = ana.enter(), ana.enter(WRONG), ana.enter(ana.code())

    assert (without.status_code, without.json()["code"]) == (401, "totp_required")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_code")
    assert right.status_code == 200
    assert not any("set-cookie" in one.headers for one in (without, wrong))


def test_a_wrong_password_says_nothing_of_a_second_factor(doors: Doors) -> None:
    ana = browser(doors)
    ana.set_up()

    told = ana.enter(ana.code(), password="wrong password")

    assert (told.status_code, told.json()["code"]) == (401, "wrong_credentials")
    assert ana.enter(ana.code()).status_code == 200  # the code was not spent on it


@pytest.mark.guarantee("SEC-29", "SEC-39")
def test_confirming_gives_a_new_token_and_ends_every_other_session(doors: Doors) -> None:
    ana = browser(doors)
    elsewhere = Browser(doors, ana.person)
    elsewhere.enter()
    before = ana.client.cookies["balcao"]

    ana.set_up()

    assert ana.client.cookies["balcao"] != before
    assert elsewhere.client.get("/api/session").status_code == 401
    old = doors.new_client().get("/api/session", headers={"cookie": f"balcao={before}"})
    assert old.status_code == 401


def test_a_recovery_code_opens_the_door_once(doors: Doors) -> None:
    ana = browser(doors)
    codes = ana.set_up()

    assert ana.enter(codes[0]).status_code == 200
    assert ana.standing["codes_left"] == 9
    assert ana.enter(codes[0]).json()["code"] == "wrong_code"


@pytest.mark.guarantee("SEC-39")
def test_after_five_wrong_codes_there_is_a_wait_also_for_the_right_one(doors: Doors) -> None:
    ana = browser(doors)
    ana.set_up()
    tries = [ana.enter(WRONG) for _ in range(5)]

    late = ana.enter(ana.code())

    assert {one.status_code for one in tries} == {401}
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0


@pytest.mark.guarantee("SEC-39")
@pytest.mark.parametrize("code", [None, "", [], {}, 123456])
def test_nothing_but_a_code_is_one(doors: Doors, code: Any) -> None:
    ana = browser(doors)
    ana.set_up()
    body = {"email": ana.person.email, "password": WORD, "totp": code}

    assert ana.client.post("/api/session", json=body).status_code in (400, 401)


def test_setting_up_asks_for_the_password_once_more(doors: Doors) -> None:
    ana = browser(doors)

    told = ana.post("", password="wrong password")

    assert (told.status_code, told.json()["code"]) == (403, "wrong_current_password")


def test_a_wrong_code_confirms_nothing(doors: Doors) -> None:
    ana = browser(doors)
    ana.post("", password=WORD)

    told = ana.post("/confirm", code=WRONG)

    assert (told.status_code, told.json()["code"]) == (400, "wrong_code")
    assert ana.standing["enabled"] is False
    assert ana.enter().status_code == 200


def test_there_is_nothing_to_confirm_before_or_after(doors: Doors) -> None:
    ana = browser(doors)
    before = ana.post("/confirm", code=WRONG)
    ana.set_up()
    after = ana.post("/confirm", code=ana.code())

    assert {one.json()["code"] for one in (before, after)} == {"second_factor_not_begun"}


def test_one_in_use_cannot_be_set_up_over(doors: Doors) -> None:
    ana = browser(doors)
    ana.set_up()

    assert ana.post("", password=WORD).json()["code"] == "second_factor_exists"


@pytest.mark.parametrize("path", ["/codes", "/remove"])
def test_what_weakens_it_wants_password_and_code(doors: Doors, path: str) -> None:
    ana = browser(doors)
    ana.set_up()

    assert ana.post(path, password="wrong password", code=ana.code()).status_code == 403
    assert ana.post(path, password=WORD, code=WRONG).json()["code"] == "wrong_code"
    assert ana.standing["enabled"] is True
    assert ana.post(path, password=WORD, code=ana.code()).status_code == 200


def test_new_recovery_codes_take_the_place_of_the_old(doors: Doors) -> None:
    ana = browser(doors)
    old = ana.set_up()

    new = ana.post("/codes", password=WORD, code=ana.code()).json()["codes"]

    assert len(new) == 10
    assert ana.enter(old[0]).status_code == 401
    assert ana.enter(new[0]).status_code == 200


def test_without_it_the_password_is_enough_again(doors: Doors) -> None:
    ana = browser(doors)
    ana.set_up()

    told = ana.post("/remove", password=WORD, code=ana.code())

    assert told.json()["enabled"] is False
    assert ana.client.get("/api/session").status_code == 200
    assert ana.enter().status_code == 200


@pytest.mark.parametrize(
    ("of", "role", "held"),
    [
        ("optional", "admin", False),
        ("administrators", "admin", True),
        ("administrators", "member", False),
        ("everyone", "member", True),
    ],
)
def test_whoever_has_to_have_one_may_only_set_it_up(
    doors: Doors, of: policy.SecondFactor, role: Role, held: bool
) -> None:
    ana = browser(doors, role=role)
    require(doors, of)

    told = ana.client.get("/api/whoami")

    assert (told.status_code == 403) is held
    assert ana.client.get("/api/session").status_code == 200
    assert ana.standing["required"] is held
    if held:
        assert told.json()["code"] == "second_factor_needed"
        ana.set_up()
        assert ana.client.get("/api/whoami").status_code == 200


def test_what_the_house_wants_is_not_turned_off(doors: Doors) -> None:
    ana = browser(doors)
    require(doors, "administrators")
    ana.set_up()

    told = ana.post("/remove", password=WORD, code=ana.code())

    assert (told.status_code, told.json()["code"]) == (409, "second_factor_wanted")


def test_keys_have_no_second_factor(doors: Doors) -> None:
    require(doors, "everyone")

    assert doors.client.get("/api/whoami", headers=doors.key("ask")).status_code == 200


def test_an_administrator_takes_it_from_somebody_who_lost_it(doors: Doors) -> None:
    ana, bia = browser(doors), browser(doors, "Bia", "member")
    bia.set_up()
    path = f"/api/people/{bia.person.id}/second-factor"

    assert bia.client.delete(path).status_code == 403
    assert ana.client.delete(path).status_code == 204
    assert ana.client.delete(path).status_code == 404
    assert bia.client.get("/api/session").status_code == 401
    assert bia.enter().status_code == 200


def test_nobody_takes_their_own_that_way(doors: Doors) -> None:
    ana = browser(doors)
    ana.set_up()

    told = ana.client.delete(f"/api/people/{ana.person.id}/second-factor")

    assert (told.status_code, told.json()["code"]) == (409, "second_factor_own")


def test_every_step_is_written_down_without_secrets(doors: Doors) -> None:
    ana = browser(doors)
    codes = ana.set_up()
    codes += ana.post("/codes", password=WORD, code=ana.code()).json()["codes"]

    entries = audit.newest(doors.database, limit=10)

    assert [one.act for one in entries][:2] == ["second_factor.codes", "second_factor.enable"]
    assert [one for one in [*codes, ana.secret] if one in str(entries)] == []


@pytest.mark.guarantee("SEC-39")
def test_a_new_password_by_a_link_opens_no_door_without_the_code(doors: Doors) -> None:
    ana, new = browser(doors), "quatro patos no lago"
    ana.set_up()
    made = doors.client.post(f"/api/people/{ana.person.id}/reset", headers=doors.admin())
    token = made.json()["link"].rpartition("/")[2]

    used = doors.new_client().post("/api/resets/use", json={"token": token, "password": new})
    without = ana.enter(password=new)
    with_code = ana.enter(ana.code(), password=new)

    assert (used.status_code, "set-cookie" in used.headers) == (204, False)
    assert (without.status_code, without.json()["code"]) == (401, "totp_required")
    assert with_code.status_code == 200


@pytest.mark.guarantee("SEC-41")
def test_the_database_holds_no_secret_that_could_be_used(doors: Doors) -> None:
    ana = browser(doors)
    codes = ana.set_up()
    token = ana.client.cookies["balcao"]
    stored = b"".join(file.read_bytes() for file in doors.settings.data.glob("appliance.db*"))

    for used in (WORD, ana.secret, token, *codes):
        assert used.encode() not in stored
