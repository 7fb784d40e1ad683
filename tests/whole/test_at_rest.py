"""What a copy of a running appliance's data folder gives away, and what its processes show to
the rest of the machine (SEC-41).

Every secret there is has been set or made: then each file of the folder is searched for each
of them, and the environment of each process. The master key's own file is the one exception:
it is what opens the rest.
"""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyotp
import pytest

from tests.whole.running import Running, running

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("SEC-41")]

WORD = "quatro patos no lago"
SITE = "https://intranet.test"
SET = {
    "mail": {"host": "c.test", "sender": "a@b.test", "user": "u", "password": "gaivota-roxa-71"},
    "ldap": {"host": "ldap.test", "account": "cn=a,dc=b", "password": "gaivota-verde-72"},
    "oidc": {"issuer": "https://id.test", "client": "balcao", "secret": "gaivota-parda-73"},
}  # fmt: skip
ENGINE = {"name": "Nuvem", "kind": "openai", "model": "m", "key": "gaivota-azul-74"}
# What opens the rest stands in files of its own, for the appliance's user alone.
KEPT_APART = ("secrets/setup-code", "secrets/engines/")


def furnish(appliance: Running) -> dict[str, str]:
    """Every secret of a house, by what it is."""
    client = appliance.client
    key = client.headers["authorization"].removeprefix("Bearer ")
    found = {"key": key, "setup code": (appliance.data / "secrets" / "setup-code").read_text()}
    for section, values in SET.items():
        answer = client.patch(f"/api/settings/{section}", json=values)
        assert answer.status_code == 200, answer.text
        found[section] = values.get("password") or values["secret"]
    engine = client.post("/api/engines", json=ENGINE)
    assert engine.status_code == 201, engine.text
    found["engine"] = ENGINE["key"]
    made = client.post("/api/assistants", json={"name": "Portaria", "origins": [SITE]}).json()
    bia = {"name": "Bia", "email": "bia@casa.test", "role": "member", "password": WORD}
    person = client.post("/api/people", json=bia).json()
    invited = client.post("/api/invitations", json={"email": "c@casa.test", "role": "member"})
    reset = client.post(f"/api/people/{person['id']}/reset")
    found |= {"invitation": link(invited.json()), "reset": link(reset.json())}
    session = f"/api/widget/{made['public_id']}/session"
    token = client.post(session, headers={"origin": SITE}).json()["token"]
    found["visitor"] = token
    return found | signed_in(appliance)


def link(made: dict[str, str]) -> str:
    """The token at the end of a link."""
    (address,) = [one for one in made.values() if isinstance(one, str) and "/#/" in one]
    return address.rpartition("/")[2].rpartition("=")[2]


def signed_in(appliance: Running) -> dict[str, str]:
    """Somebody's password, session, browser, second factor and recovery codes."""
    client = appliance.client
    del client.headers["authorization"]
    answer = client.post("/api/session", json={"email": "bia@casa.test", "password": WORD})
    assert answer.status_code == 200, answer.text
    begun = client.post("/api/second-factor", json={"password": WORD}).json()
    code = {"code": pyotp.TOTP(begun["secret"]).now()}
    told = client.post("/api/second-factor/confirm", json=code).json()
    cookies = {f"cookie {name}": str(value) for name, value in client.cookies.items()}
    codes = {f"recovery {n}": one for n, one in enumerate(told["codes"])}
    return {"password": WORD, "second factor": begun["secret"]} | cookies | codes


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    with running(
        tmp_path_factory.mktemp("rest") / "data", APPLIANCE_OPEN_HOSTS="https://api.openai.com"
    ) as appliance:
        yield appliance, furnish(appliance)


def spellings(secret: str) -> list[bytes]:
    """A secret as it might stand in a file."""
    plain = secret.strip().encode()
    return [plain, base64.b64encode(plain).rstrip(b"="), plain.hex().encode(), plain[::-1]]


def files(data: Path) -> list[Path]:
    return [one for one in data.rglob("*") if one.is_file() and not one.is_socket()]


def test_no_file_holds_a_secret_that_could_be_used(house: tuple[Running, dict[str, str]]) -> None:
    appliance, secrets = house
    assert len(secrets) > 15
    told = [
        (name, str(file.relative_to(appliance.data)))
        for file in files(appliance.data)
        if (held := file.read_bytes())
        and not str(file.relative_to(appliance.data)).startswith(KEPT_APART)
        for name, secret in secrets.items()
        if any(one in held for one in spellings(secret))
    ]

    assert told == []


def test_nobody_else_on_the_machine_reads_or_enters_anything(
    house: tuple[Running, dict[str, str]],
) -> None:
    """``find -perm /027``: nothing for others, and nothing that a group may write."""
    appliance, _ = house
    wide = [
        str(one.relative_to(appliance.data))
        for one in [appliance.data, *appliance.data.rglob("*")]
        if one.is_dir() and one.lstat().st_mode & 0o027
    ]
    keys = [
        str(one.relative_to(appliance.data))
        for one in files(appliance.data)
        if ("secrets" in one.parts or one.suffix in (".db", ".db-wal"))
        and one.lstat().st_mode & 0o077
    ]

    assert [one for one in wide if one in (".", "secrets")] == []
    assert keys == []


def test_no_process_shows_a_secret_in_its_environment_or_its_command(
    house: tuple[Running, dict[str, str]],
) -> None:
    appliance, secrets = house
    assert appliance.process
    family = psutil.Process(appliance.process.pid)
    key = (appliance.data / "secrets" / "master.key").read_text().split()
    known = [*(one.strip() for one in secrets.values()), *key]

    for one in (family, *family.children(recursive=True)):
        shown = " ".join([*one.cmdline(), *one.environ().values()])
        assert [secret for secret in known if secret in shown] == []


@pytest.mark.parametrize("key", ["00" * 32, "", "mudar123"])
def test_over_a_weak_key_it_does_not_start(tmp_path: Path, key: str) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "master.key").write_text(key)

    started = subprocess.run(
        [sys.executable, "-m", "appliance", "serve"],
        env={"APPLIANCE_DATA_DIR": str(tmp_path), "APPLIANCE_PORT": "0", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert started.returncode == 1
    assert "master.key" in started.stderr
    assert "Traceback" not in started.stderr
