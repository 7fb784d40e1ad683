"""Signing in by the company's directory, through the front door."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from appliance import accounts, outgoing
from appliance.federation import directories
from appliance.records import Role
from appliance.settings import Settings
from appliance.signin import password
from tests.api.test_sessions import CountedHasher, counted
from tests.fakes import WordEmbedder
from tests.house import House
from tests.mailhouse import free_port
from tests.signin.slapd import ACCOUNT, GROUPS, PASSWORD, PEOPLE, Slapd

__all__ = ["counted"]

WORD = "quatro patos no lago"
RULES = [f"cn=direcao,{GROUPS} = role:editor", f"cn=advogados,{GROUPS} = role:admin"]


def told(slapd: Slapd, **fields: Any) -> dict[str, Any]:
    """The section as an administrator fills it in."""
    return {
        "enabled": True, "host": "localhost", "port": slapd.port, "authority": slapd.authority,
        "account": ACCOUNT, "password": PASSWORD, "people": PEOPLE, "groups": GROUPS,
        "rules": RULES,
    } | fields  # fmt: skip


@pytest.fixture
def school(settings: Settings, slapd: Slapd) -> Iterator[House]:
    with House(settings, embedder=WordEmbedder()) as house:
        change(house, **told(slapd))
        yield house


def change(house: House, **fields: Any) -> None:
    answer = house.client.patch("/api/settings/ldap", json=fields)
    assert answer.status_code == 200, answer.text


def enter(house: House, name: str, word: str, **more: str) -> Any:
    with house.as_nobody() as client:
        answer = client.post("/api/session", json={"email": name, "password": word} | more)
        client.cookies.clear()
    return answer


def local(house: House, email: str, role: Role = "member") -> str:
    with house.parts.database.write() as db:
        return accounts.create(
            db, name="Ana", email=email, password_hash=password.hashed(WORD), role=role
        ).id


def token(answer: Any) -> str:
    return str(answer.cookies["balcao"])


def test_somebody_of_the_directory_signs_in(school: House) -> None:
    answer = enter(school, "bia", "bia-bia")

    assert answer.status_code == 200, answer.text
    person = answer.json()["person"]
    assert (person["name"], person["role"], person["origin"]) == ("Bia Lima", "editor", "ldap")


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize("word", ["", " ", "\0", "bia-bia\0", "errada"])
def test_a_password_that_is_not_theirs_is_401(school: House, word: str) -> None:
    answer = enter(school, "bia", word)

    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize("name", ["*", "a)(uid=*", "admin)(|(", "", "\0", "cn=bia"])
def test_a_name_that_is_a_question_is_401(school: House, name: str) -> None:
    answer = enter(school, name, "bia-bia")

    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


@pytest.mark.guarantee("SEC-37")
def test_a_directory_with_another_certificate_is_refused(school: House) -> None:
    change(school, authority="", password=PASSWORD)

    answer = enter(school, "bia", "bia-bia")

    assert (answer.status_code, answer.json()["code"]) == (503, "directory_away")


@pytest.mark.guarantee("REL-23", "INS-06")
def test_while_the_directory_is_away_an_administrator_of_this_house_gets_in(school: House) -> None:
    local(school, "caco@escola.example", role="admin")
    change(school, port=free_port(), password=PASSWORD)

    away = enter(school, "bia", "bia-bia")
    ours = enter(school, "caco@escola.example", WORD)

    assert (away.status_code, away.json()["code"]) == (503, "directory_away")
    assert ours.status_code == 200
    said = school.client.get("/api/system").json()["directory"]
    assert "localhost" in said
    change(school, enabled=False)
    assert school.client.get("/api/system").json()["directory"] is None


WRONG = {
    "an unknown address": ("ninguem@escola.example", "errada-77"),
    "an unknown name": ("ninguem", "errada-77"),
    "a name of the directory": ("caio", "errada-77"),
    "somebody of it who was here": ("bia@escola.example", "errada-77"),
    "somebody of this house": ("caco@escola.example", "errada-77"),
    "somebody who is out": ("davi@escola.example", "errada-77"),
    "nobody's right password": ("ninguem@escola.example", WORD),
}


@pytest.fixture
def mixed(school: House) -> House:
    """With somebody of the directory who was here, and two of this house, one of them out."""
    assert enter(school, "bia", "bia-bia").status_code == 200
    local(school, "caco@escola.example")
    gone = local(school, "davi@escola.example")
    school.client.patch(f"/api/people/{gone}", json={"active": False})
    return school


def refused(house: House, names: list[str], counted: CountedHasher) -> list[tuple[Any, ...]]:
    """For each name all that a stranger sees, and the work of it: hashes, and connections."""
    seen = []
    for name in names:
        with house.parts.database.write() as db:
            db.run("delete from attempts")
        hashes, asked = counted.calls, connections(house)
        answer = enter(house, *WRONG[name])
        body = answer.json() | {"request_id": ""}
        waiting = answer.headers.get("retry-after")
        work = (counted.calls - hashes, connections(house) - asked)
        seen.append((answer.status_code, str(body), waiting, *work))
    return seen


def connections(house: House) -> int:
    return sum(one.requests for one in outgoing.entries(house.parts.database))


@pytest.mark.guarantee("SEC-36")
def test_a_refusal_does_not_say_whether_somebody_is_of_the_directory(
    mixed: House, counted: CountedHasher
) -> None:
    """The smaller twin counts the work: who is asked about is one question more (a bind)."""
    seen = refused(mixed, list(WRONG), counted)

    assert len(set(seen)) == 1, seen
    assert (seen[0][0], *seen[0][3:]) == (401, 1, 1)


@pytest.mark.guarantee("SEC-36")
@pytest.mark.parametrize("first", WRONG)
def test_nor_does_one_while_the_directory_is_away(
    mixed: House, counted: CountedHasher, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is tried first, and so finds out that it is away."""
    monkeypatch.setattr(directories, "ASKED_AGAIN", timedelta(0))
    change(mixed, port=free_port(), password=PASSWORD)

    seen = refused(mixed, [first, *WRONG], counted)

    assert len(set(seen)) == 1, seen
    assert (seen[0][0], *seen[0][3:]) == (503, 1, 1)
    assert "localhost" not in seen[0][1]


@pytest.mark.guarantee("SEC-36", "SEC-37")
def test_a_password_that_is_none_asks_nobody_and_says_nothing_either(
    mixed: House, counted: CountedHasher
) -> None:
    asked = connections(mixed)
    seen = {enter(mixed, name, " ").json()["code"] for name, _ in WRONG.values()}

    assert seen == {"wrong_credentials"}
    assert connections(mixed) == asked


def test_the_directory_is_not_asked_about_people_of_this_house(school: House) -> None:
    """Nor could it say yes for them: the address of a local person is theirs alone."""
    local(school, "bia@escola.example")

    assert enter(school, "bia@escola.example", "bia-bia").status_code == 401
    assert enter(school, "bia@escola.example", WORD).status_code == 200
    taken = enter(school, "bia", "bia-bia")
    assert (taken.status_code, taken.json()["code"]) == (409, "address_is_taken")


def test_without_the_directory_its_people_have_no_way_in(school: House) -> None:
    assert enter(school, "bia", "bia-bia").status_code == 200
    change(school, enabled=False)

    for word in ("bia-bia", "!", "a password that nobody has"):
        answer = enter(school, "bia@escola.example", word)
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


def test_guessing_by_the_directory_ends_as_soon_as_any_other(school: House) -> None:
    answers = [enter(school, "bia", f"errada {n}").status_code for n in range(11)]

    assert answers == [401] * 10 + [429]


def test_an_administrator_starts_no_reset_for_them_and_changes_no_role(school: House) -> None:
    bia = enter(school, "bia", "bia-bia").json()["person"]["id"]

    reset = school.client.post(f"/api/people/{bia}/reset")
    role = school.client.patch(f"/api/people/{bia}", json={"role": "admin"})
    language = school.client.patch(f"/api/people/{bia}", json={"language": "en"})

    assert (reset.status_code, reset.json()["code"]) == (409, "said_elsewhere")
    assert (role.status_code, role.json()["code"]) == (409, "said_elsewhere")
    assert language.json()["language"] == "en"


def test_whoever_is_deactivated_here_is_401_whatever_the_directory_says(school: House) -> None:
    bia = enter(school, "bia", "bia-bia").json()["person"]["id"]
    school.client.patch(f"/api/people/{bia}", json={"active": False})

    assert enter(school, "bia", "bia-bia").json()["code"] == "wrong_credentials"
    school.client.patch(f"/api/people/{bia}", json={"active": True})
    assert enter(school, "bia", "bia-bia").status_code == 200


def test_the_last_administrator_of_this_house_stays(school: House) -> None:
    assert enter(school, "caio", "caio-caio").json()["person"]["role"] == "admin"
    ana = school.client.get("/api/session").json()["person"]["id"]

    answer = school.client.patch(f"/api/people/{ana}", json={"role": "member"})

    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")


def test_their_second_factor_begins_with_the_password_of_the_directory(school: House) -> None:
    cookie = {"cookie": f"balcao={token(enter(school, 'bia', 'bia-bia'))}"}
    with school.as_nobody() as client:
        wrong = client.post("/api/second-factor", json={"password": "caio-caio"}, headers=cookie)
        right = client.post("/api/second-factor", json={"password": "bia-bia"}, headers=cookie)

    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_current_password")
    assert right.status_code == 200


def test_they_choose_no_password_here(school: House) -> None:
    answer = enter(school, "bia", "bia-bia")
    cookie = {"cookie": f"balcao={token(answer)}"}
    body = {"password": WORD, "current_password": "bia-bia"}
    with school.as_nobody() as client:
        place = f"/api/people/{answer.json()['person']['id']}"
        refused = client.patch(place, json=body, headers=cookie)

    assert (refused.status_code, refused.json()["code"]) == (409, "said_elsewhere")


def test_the_test_says_what_works_and_what_does_not(school: House) -> None:
    works = school.client.post("/api/settings/ldap/test")
    change(school, host="127.0.0.1", password=PASSWORD)
    fails = school.client.post("/api/settings/ldap/test")

    assert works.json() == {"people": 3, "unknown_groups": []}
    assert (fails.status_code, fails.json()["code"]) == (409, "ldap_not_safe")
    assert "127.0.0.1" in fails.json()["detail"]
    newest = school.client.get("/api/audit?act=ldap.test").json()["items"][0]
    assert (newest["act"], newest["details"]) == ("ldap.test", {"people": 3})


def test_the_accounts_password_goes_in_and_never_comes_out(school: House) -> None:
    sheets = school.client.get("/api/settings").text
    trail = school.client.get("/api/audit").text

    assert PASSWORD not in sheets + trail
    assert '"password":true' in sheets


def test_the_rounds_of_the_worker_look_into_the_directory(school: House) -> None:
    looked: list[bool] = []
    original = directories.Directories.look
    worker = school.parts.worker()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directories.Directories, "look", lambda self: looked.append(original(self)))
        worker.rounds()

    assert looked == [True]
