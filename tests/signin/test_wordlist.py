"""What everybody tries first is no password, in whatever dress; anything else is one."""

import subprocess
import sys
import time

import pytest

from appliance.api import setup
from appliance.errors import BadRequest
from appliance.signin import password, wordlist
from tests.api.doors import WORD, Doors, doors
from tests.api.test_setup import code_of, set_up

__all__ = ["doors"]

# What people of Brazil, Portugal, Spain and the Americas choose, and attackers know.
FIRST_TRIES_TEXT = """
password 12345678 123123123 87654321 qwertyuiop iloveyou princess trustno1 abcdefgh root1234
senha123 minhasenha mudar123 trocar123 admin1234 administrador empresa1234 condominio bemvindo
corinthians flamengo palmeiras saopaulo gremio123 brasil123 brasil2026 amorzinho familia123
deusefiel jesuscristo contraseña contrasena1 hola1234 cambiame cambiar123 bienvenido realmadrid
barcelona teamomucho teextrano mariposa estrella usuario123 balcao123 balcão123
"""
FIRST_TRIES = FIRST_TRIES_TEXT.split()


@pytest.mark.parametrize("word", FIRST_TRIES)
def test_what_everybody_tries_first_is_on_the_list(word: str) -> None:
    assert wordlist.names(word)


@pytest.mark.parametrize(
    "word",
    [
        "Flamengo2026!", "FLAMENGO", "flamengo!!", "#corinthians", "Contraseña1998", "balcão@2026",
        "2024palmeiras", "s3nha123", "p4lm31r4s", "Boca Juniors", "te.quiero.1", "Ｓｅｎｈａ１２３",
    ],
)  # fmt: skip
def test_a_dress_makes_no_other_word_of_it(word: str) -> None:
    assert wordlist.names(word)


@pytest.mark.parametrize("word", ["aaaaaaaa", "abababab", "senhasenha", "brasilbrasil", "é" * 30])
def test_nor_does_saying_it_again(word: str) -> None:
    assert wordlist.names(word)


@pytest.mark.parametrize(
    "word",
    [
        WORD, "somente letras minusculas", "abc-defg", "Xk29!pqLm", "vento norte 12",
        "gato7janela", "correct horse battery staple", "o flamengo perdeu de novo ontem",
        "três čtyři πέντε 六つ", "contrato-de-gaveta-azul", "z" * 9 + "y", "ação-" * 200,
    ],
)  # fmt: skip
def test_whatever_nobody_would_think_of_is_welcome(word: str) -> None:
    assert not wordlist.names(word, about=["Condomínio Aurora"])


@pytest.mark.parametrize(
    "word", ["Aurora2026!", "condominioaurora", "CONDOMÍNIO AURORA", "aurora#123", "4ur0r4-2025"]
)
def test_the_houses_own_name_is_none(word: str) -> None:
    assert wordlist.names(word, about=["Condomínio Aurora"])


def test_a_house_without_a_name_or_with_a_short_one_forbids_nothing() -> None:
    assert not wordlist.names("Xk29!pqLm", about=["", None])
    assert not wordlist.names("de-5-gatos", about=["Casa de X"])


@pytest.mark.parametrize(
    "word",
    ["!" * 500 + "a" + "!" * 500 + "b", "0" * 1023 + "x", "ab" * 500 + "c", "1234" * 256],
)
def test_no_password_makes_the_list_take_long(word: str) -> None:
    wordlist.names("warm")
    began = time.process_time()
    wordlist.names(word, about=["Condomínio Aurora"])

    assert time.process_time() - began < 0.1


def test_the_list_is_read_when_the_first_password_is_chosen_and_not_before() -> None:
    """13 MB that most starts never need."""
    script = (
        "import sys\n"
        f"import {setup.__name__}\n"
        "from appliance.signin import password\n"
        "print('zxcvbn' in sys.modules)\n"
        "password.check('abc-defg')\n"
        "print('zxcvbn' in sys.modules)\n"
    )

    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert printed.stdout.split() == ["False", "True"]


def test_a_password_is_refused_by_the_name_of_the_house() -> None:
    password.check("Aurora2026!")
    with pytest.raises(BadRequest) as refused:
        password.check("Aurora2026!", about=["Condomínio Aurora"])

    assert refused.value.code == "password_common"


def test_the_first_administrator_does_not_take_the_houses_name(doors: Doors) -> None:
    code = code_of(doors)

    refused = set_up(doors, code, organization="Condomínio Aurora", password="Aurora2026!")
    taken = set_up(doors, code, organization="Condomínio Aurora")

    assert (refused.status_code, refused.json()["code"]) == (400, "password_common")
    assert taken.status_code == 201


def test_nor_does_anybody_who_comes_later(doors: Doors) -> None:
    set_up(doors, code_of(doors), organization="Condomínio Aurora")
    body = {"name": "Bia", "email": "bia@casa.test", "role": "member", "password": "Aurora2026!"}
    ana = doors.database.row("select id from people")
    assert ana is not None
    mine = {"password": "Aurora#1", "current_password": WORD}

    key = doors.key("admin")
    added = doors.client.post("/api/people", json=body, headers=key)
    doors.client.post("/api/session", json={"email": "ana@casa.test", "password": WORD})
    changed = doors.client.patch(f"/api/people/{ana['id']}", json=mine)

    assert [added.json()["code"], changed.json()["code"]] == ["password_common"] * 2


@pytest.mark.parametrize("word", ["Beatriz2026!", "beatrizprado", "b34tr1z-2025", "prado.bia#1"])
def test_nobody_takes_their_own_name_or_address(doors: Doors, word: str) -> None:
    set_up(doors, code_of(doors))
    body = {"name": "Beatriz Prado", "email": "prado.bia@casa.test", "role": "member"}
    key = doors.key("admin")

    refused = doors.client.post("/api/people", json=body | {"password": word}, headers=key)

    assert (refused.status_code, refused.json()["code"]) == (400, "password_common")
