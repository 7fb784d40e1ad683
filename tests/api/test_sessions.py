"""Signing in: one answer for every reason, a fresh token every time, and an end to each
(SEC-26, SEC-29, SEC-30, SEC-35, SEC-36)."""

import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from httpx import Response

from appliance import accounts, throttle
from appliance.records import timestamp
from appliance.settings import Settings
from appliance.signin import password, sessions
from tests.api.doors import WORD, Doors, doors

__all__ = ["doors"]


def sign_in(doors: Doors, name: str = "ana", word: str = WORD, **headers: str) -> Response:
    return doors.new_client().post(
        "/api/session", json={"email": f"{name}@casa.test", "password": word}, headers=headers
    )


def cookie(answer: Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def test_a_person_signs_in_and_is_known_by_their_cookie(doors: Doors) -> None:
    ana = doors.add("Ana")

    answer = doors.client.post("/api/session", json={"email": "Ana@casa.test", "password": WORD})

    assert answer.status_code == 200
    assert answer.json() == {
        "person": {
            "id": ana.id,
            "name": "Ana",
            "email": "ana@casa.test",
            "role": "admin",
            "language": "pt",
            "created_at": ana.created_at,
            "active": True,
            "origin": "local",
        }
    }
    assert doors.client.get("/api/session").json() == answer.json()


@pytest.mark.guarantee("SEC-30")
def test_the_token_is_in_a_cookie_that_scripts_and_other_sites_never_get(doors: Doors) -> None:
    doors.add("Ana")

    set_cookie = sign_in(doors).headers["set-cookie"].lower()

    assert set_cookie.startswith("balcao=")
    assert {"httponly", "samesite=strict", "path=/", "max-age=43200"} <= {
        part.strip() for part in set_cookie.split(";")
    }
    assert "domain" not in set_cookie


@pytest.mark.guarantee("SEC-30")
def test_behind_https_the_cookie_is_locked_to_the_host(tmp_path: Path) -> None:
    secure = Doors(Settings(data_dir=str(tmp_path), public_url="https://balcao.intra.test"))
    secure.add("Ana")
    with secure.client as client:
        answer = client.post("/api/session", json={"email": "ana@casa.test", "password": WORD})
        known = client.get("/api/session").status_code
    secure.database.close()

    assert answer.headers["set-cookie"].startswith("__Host-balcao=")
    assert "; secure" in answer.headers["set-cookie"].lower()
    assert known == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(doors: Doors) -> None:
    doors.add("Ana")

    wrong, unknown = sign_in(doors, word="wrong password"), sign_in(doors, name="nobody")

    assert wrong.status_code == unknown.status_code == 401
    bodies = [answer.json() | {"request_id": ""} for answer in (wrong, unknown)]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "wrong_credentials"
    assert set(wrong.headers) == set(unknown.headers)
    assert "set-cookie" not in wrong.headers


def test_an_unknown_name_takes_as_long_as_a_wrong_password(doors: Doors) -> None:
    doors.add("Ana")
    sign_in(doors, "warm")

    def seconds(name: str) -> float:
        began = time.process_time()
        sign_in(doors, name, "wrong password")
        return time.process_time() - began

    known = statistics.median(seconds("ana") for _ in range(5))
    unknown = statistics.median(seconds("nobody") for _ in range(5))

    assert 0.6 < unknown / known < 1.6


@pytest.mark.parametrize("word", ["", "\0", "' or 1=1 --"])
def test_odd_passwords_are_wrong_passwords(doors: Doors, word: str) -> None:
    doors.add("Ana")

    assert sign_in(doors, word=word).status_code == 401


def test_a_body_too_large_for_a_sign_in_is_refused_unread(doors: Doors) -> None:
    answer = sign_in(doors, word="x" * 100_000)

    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


@pytest.mark.guarantee("SEC-29")
def test_a_session_id_that_the_client_brings_is_never_adopted(doors: Doors) -> None:
    doors.add("Ana")
    planted = "balcao=" + "A" * 43

    fresh = cookie(sign_in(doors, cookie=planted))

    assert fresh != planted
    assert doors.new_client().get("/api/session", headers={"cookie": planted}).status_code == 401


@pytest.mark.guarantee("SEC-29")
def test_signing_in_again_ends_the_session_one_came_with(doors: Doors) -> None:
    old = doors.cookie_of(doors.add("Ana"))

    new = cookie(sign_in(doors, **old))

    client = doors.new_client()
    assert client.get("/api/session", headers=old).status_code == 401
    assert client.get("/api/session", headers={"cookie": new}).status_code == 200


def test_signing_out_ends_the_session_on_the_server_too(doors: Doors) -> None:
    mine = doors.cookie_of(doors.add("Ana"))

    answer = doors.client.delete("/api/session", headers=mine)

    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert doors.client.get("/api/session", headers=mine).status_code == 401


def test_nobody_is_nobody(doors: Doors) -> None:
    answer = doors.client.get("/api/session")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.guarantee("SEC-30")
def test_a_session_past_its_hour_is_over(doors: Doors) -> None:
    ana = doors.add("Ana")
    long_ago = datetime.now(UTC) - timedelta(hours=13)
    with doors.database.write() as writer:
        token = sessions.begin(writer, ana.id, hours=12, now=long_ago)
        writer.run("update sessions set seen_at = :now", {"now": timestamp()})

    answer = doors.client.get("/api/session", headers={"cookie": f"balcao={token}"})

    assert answer.status_code == 401


@pytest.mark.guarantee("SEC-35")
def test_after_ten_wrong_tries_a_name_has_to_wait(doors: Doors) -> None:
    doors.add("Ana")
    answers = [sign_in(doors, word="wrong password") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert answers[-1].json()["code"] == "too_many"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 900


@pytest.mark.guarantee("SEC-35")
def test_a_forged_forwarding_header_buys_no_more_tries(doors: Doors) -> None:
    doors.add("Ana")
    fill(doors, "sign-in-from", "testclient", 30)

    answer = sign_in(doors, **{"x-forwarded-for": "10.1.2.3", "forwarded": "for=10.1.2.3"})

    assert answer.status_code == 429


def test_an_unknown_name_has_to_wait_in_the_same_way(doors: Doors) -> None:
    doors.add("Ana")
    fill(doors, "sign-in-as", "ana@casa.test", 10)
    fill(doors, "sign-in-as", "nobody@casa.test", 10)

    known, unknown = sign_in(doors, "ana"), sign_in(doors, "nobody")

    assert known.status_code == unknown.status_code == 429
    assert known.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}


@pytest.mark.guarantee("SEC-35")
def test_one_password_tried_on_many_names_is_stopped_by_address(doors: Doors) -> None:
    fill(doors, "sign-in-from", "testclient", 30)

    assert sign_in(doors, "somebody-else").status_code == 429


def test_right_passwords_are_never_counted(doors: Doors) -> None:
    doors.add("Ana")
    fill(doors, "sign-in-as", "ana@casa.test", 9)

    assert [sign_in(doors).status_code for _ in range(3)] == [200] * 3


def fill(doors: Doors, act: str, subject: str, times: int) -> None:
    """Tries that happened a moment ago."""
    for _ in range(times):
        throttle.take(doors.database, throttle.bucket(act, subject, limit=10_000))


def test_a_hash_made_with_older_parameters_is_renewed_at_sign_in(doors: Doors) -> None:
    ana = doors.add("Ana")
    old = PasswordHasher(time_cost=1, memory_cost=1024).hash(WORD)
    with doors.database.write() as writer:
        writer.run("update people set password_hash = :hash", {"hash": old})

    assert sign_in(doors).status_code == 200

    row = doors.database.row("select password_hash from people where id = :id", {"id": ana.id})
    assert row is not None
    assert "m=65536" in row["password_hash"]
    assert sign_in(doors).status_code == 200


@pytest.mark.guarantee("SEC-31")
def test_a_sign_in_from_another_sites_page_is_refused(doors: Doors) -> None:
    """Login CSRF: the victim would work in the attacker's account."""
    doors.add("Ana")

    answer = sign_in(doors, origin="https://evil.test")

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


def test_a_field_that_does_not_exist_is_named(doors: Doors) -> None:
    answer = doors.client.post(
        "/api/session", json={"email": "a@b.c", "password": WORD, "role": "admin"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")
    assert "role" in answer.json()["detail"]


def test_signing_in_and_out_is_on_the_record(doors: Doors) -> None:
    doors.add("Ana")
    doors.client.post("/api/session", json={"email": "ana@casa.test", "password": WORD})
    acts = [entry["act"] for entry in doors.client.get("/api/audit").json()["items"]]
    doors.client.delete("/api/session")

    assert acts == ["session.begin"]
    rows = doors.database.rows("select act from audit order by id")
    assert [row["act"] for row in rows] == ["session.begin", "session.end"]


@pytest.mark.guarantee("SEC-29")
def test_the_server_keeps_only_the_digest_of_a_token(doors: Doors) -> None:
    token = doors.cookie_of(doors.add("Ana"))["cookie"].partition("=")[2]

    kept = b"".join(one.read_bytes() for one in doors.settings.data.glob("appliance.db*"))

    assert len(token) == 43  # 256 bits
    assert token.encode() not in kept


class CountedHasher:
    """A hasher that costs little, and counts what it was asked and how many at a time."""

    def __init__(self) -> None:
        self.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.calls = self.now = self.most = 0
        self.lock = threading.Lock()

    def hash(self, word: str) -> str:
        return self.hasher.hash(word)

    def check_needs_rehash(self, stored: str) -> bool:
        return False

    def verify(self, stored: str, word: str) -> bool:
        with self.lock:
            self.calls, self.now = self.calls + 1, self.now + 1
            self.most = max(self.most, self.now)
        try:
            return self.hasher.verify(stored, word)
        finally:
            with self.lock:
                self.now -= 1


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountedHasher]:
    hasher = CountedHasher()
    monkeypatch.setattr(password, "_hasher", hasher)
    password._dummy.cache_clear()
    yield hasher
    password._dummy.cache_clear()


@pytest.mark.guarantee("SEC-36")
def test_two_hundred_sign_ins_tell_nothing_of_who_exists(
    doors: Doors, counted: CountedHasher
) -> None:
    """The smaller twin counts the work; how long it takes is a benchmark's."""
    ana, gone = doors.add("Ana"), doors.add("Caio", role="member")
    with doors.database.write() as writer:
        for one in (ana, gone):
            accounts.store_hash(writer, one.id, counted.hash(WORD))
        accounts.change(writer, gone.id, active=False)
    told, work = set(), []
    for name, word in (("ana", "wrong password"), ("nobody", WORD), ("caio", WORD)):
        before = counted.calls
        for _ in range(200):
            answer = sign_in(doors, name, word)
            told.add((answer.status_code, str(answer.json() | {"request_id": ""})))
            with doors.database.write(fleeting=True) as writer:
                writer.run("delete from attempts")
        work.append(counted.calls - before)

    assert len(told) == 1
    assert work == [200] * 3


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize(("length", "status"), [(1025, 400), (1_000_000, 413)])
def test_a_password_too_long_is_refused_before_anything_is_hashed(
    doors: Doors, counted: CountedHasher, length: int, status: int
) -> None:
    doors.add("Ana")

    assert {sign_in(doors, name, "x" * length).status_code for name in ("ana", "nobody")} == {
        status
    }
    assert counted.calls == 0


@pytest.mark.guarantee("SEC-37")
@pytest.mark.parametrize("word", ["frase comprida " * 5, "ção 語 🦜 " * 25])
def test_long_passwords_of_any_letters_are_welcome(doors: Doors, word: str) -> None:
    ana = doors.add("Ana")
    body = {"password": word, "current_password": WORD}
    doors.client.patch(f"/api/people/{ana.id}", json=body, headers=doors.cookie_of(ana))

    assert len(word) >= 64
    assert sign_in(doors, word=word).status_code == 200


@pytest.mark.guarantee("SEC-37")
def test_a_crowd_at_the_door_is_hashed_two_at_a_time(counted: CountedHasher) -> None:
    """The smaller twin of 200 sign-ins at once; the memory they take is a benchmark's."""
    stored = counted.hash(WORD)

    with ThreadPoolExecutor(50) as crowd:
        right = list(crowd.map(lambda _: password.matches(WORD, stored), range(200)))

    assert all(right)
    assert counted.most <= 2
