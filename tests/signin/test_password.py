"""Passwords: what may be one, and what a hash costs (SEC-36, SEC-37)."""

import statistics
import threading
import time
import unicodedata
from pathlib import Path

import pytest

from appliance.errors import BadRequest
from appliance.signin import password

WORD = "três gatos na janela"


@pytest.fixture(scope="module")
def stored() -> str:
    return password.hashed(WORD)


def refusal(word: str) -> str:
    with pytest.raises(BadRequest) as refused:
        password.check(word)
    return refused.value.code


def test_a_password_matches_its_hash_and_no_other(stored: str) -> None:
    assert password.matches(WORD, stored)
    assert not password.matches(WORD + " ", stored)
    assert not password.matches("", stored)


def test_the_hash_is_argon2id_with_64_mib(stored: str) -> None:
    assert stored.startswith("$argon2id$")
    assert "m=65536" in stored
    assert WORD not in stored


def test_the_same_password_never_has_the_same_hash(stored: str) -> None:
    assert password.hashed(WORD) != stored


def test_nobodys_password_matches(stored: str) -> None:
    assert not password.matches(WORD, None)
    assert not password.matches("a password that nobody has", None)


@pytest.mark.parametrize("damaged", ["", "not a hash", "$argon2id$v=19$m=65536,t=3,p=4$AA"])
def test_a_damaged_hash_matches_nothing(damaged: str) -> None:
    assert not password.matches(WORD, damaged)


def test_seven_characters_are_too_few_and_eight_are_enough() -> None:
    assert refusal("abc-def") == "password_too_short"
    password.check("abc-defg")


def test_a_thousand_and_twenty_four_characters_are_enough_for_anybody() -> None:
    password.check("ação-" * 204 + "1234")
    assert refusal("ação-" * 205) == "password_too_long"


@pytest.mark.parametrize("length", [64, 200])
def test_long_phrases_in_any_script_are_welcome(length: int) -> None:
    phrase = ("três čtyři πέντε 六つ 🐈 " * 20)[:length]

    assert password.matches(phrase, password.hashed(phrase))


def test_no_kind_of_character_is_asked_for() -> None:
    password.check("somente letras minusculas")


@pytest.mark.parametrize(
    "word", ["password", "Senha123", "contraseña", "12345678", "aaaaaaaaaa", "ＰＡＳＳＷＯＲＤ"]
)
def test_what_everybody_tries_first_is_refused(word: str) -> None:
    assert refusal(word) == "password_common"


def test_the_same_letters_from_another_keyboard_are_the_same_password(stored: str) -> None:
    assert password.matches(unicodedata.normalize("NFD", WORD), stored)


def test_a_megabyte_of_password_is_refused_before_it_costs_anything(stored: str) -> None:
    began = time.perf_counter()
    assert not password.matches("x" * 1_000_000, stored)
    assert refusal("x" * 1_000_000) == "password_too_long"

    assert time.perf_counter() - began < 0.05  # one hash takes longer than this


def test_half_a_surrogate_is_a_wrong_password_and_no_accident(stored: str) -> None:
    assert not password.matches("abcdefgh\ud800", stored)
    assert refusal("abcdefgh\ud800") == "password_unreadable"


def test_a_hash_of_today_is_not_outdated_and_one_of_yesterday_is(stored: str) -> None:
    yesterday = stored.replace("m=65536", "m=1024")

    assert not password.outdated(stored)
    assert password.outdated(yesterday)


def test_an_unknown_name_takes_as_long_as_a_wrong_password(stored: str) -> None:
    password.matches("warm", None)
    known, unknown = [], []
    for _ in range(9):
        known.append(seconds(stored))
        unknown.append(seconds(None))

    ratio = statistics.median(unknown) / statistics.median(known)

    assert 0.6 < ratio < 1.6  # without the dummy it is below 0.001


def seconds(stored: str | None) -> float:
    # CPU time, not the clock: the machine that runs the tests has other things to do.
    began = time.process_time()
    password.matches("wrong password", stored)
    return time.process_time() - began


def test_no_more_than_two_hashes_are_computed_at_a_time(stored: str) -> None:
    """The danger of argon2 is memory times concurrency: 64 MiB each."""
    outcomes: list[bool] = []
    crowd = [
        threading.Thread(target=lambda: outcomes.append(password.matches(WORD, stored)))
        for _ in range(8)
    ]
    before = resident_peak()
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert outcomes == [True] * 8
    assert resident_peak() - before < 3 * 64 * 1024  # KiB; eight at once would take 512 MiB


def resident_peak() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
