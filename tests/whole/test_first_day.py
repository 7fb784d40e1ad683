"""The first day of a real appliance, and its restarts: nobody takes it over (SEC-28)."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.whole.running import Running

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("SEC-28")]

WORD = "três gatos na janela"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Running]:
    """An appliance that nobody has set up."""
    appliance = Running(tmp_path / "data")
    appliance.start()
    yield appliance
    appliance.stop()


def restart(appliance: Running) -> None:
    assert appliance.process
    appliance.process.terminate()
    appliance.process.wait(30)
    appliance.start()


def set_up(appliance: Running, code: str, who: str = "ana", *, source: str = "127.0.0.1") -> int:
    """The status of somebody's try, from an address of theirs."""
    body = {"code": code, "name": who, "email": f"{who}@casa.test", "password": WORD}
    with httpx.Client(
        base_url=appliance.address,
        transport=httpx.HTTPTransport(local_address=source),
        timeout=60,
    ) as client:
        return client.post("/api/setup", json=body).status_code


def code_of(appliance: Running) -> str:
    """The code as an administrator of the machine reads it."""
    return appliance.command("setup-code").split()[-1]


def needed(appliance: Running) -> bool:
    return bool(appliance.client.get("/api/setup").json()["needed"])


def test_no_restart_opens_it_to_somebody_without_the_code(fresh: Running) -> None:
    code = code_of(fresh)
    wrong = [set_up(fresh, "AAAA-BBBB-CCCC-DDDD", "eva", source="127.0.0.9") for _ in range(5)]
    assert wrong == [403] * 5

    restart(fresh)

    # The stranger's tries are still counted, the code in the administrator's hands still good.
    assert set_up(fresh, code, "eva", source="127.0.0.9") == 429
    assert code_of(fresh) == code
    assert set_up(fresh, "", "eva", source="127.0.0.8") == 403
    assert needed(fresh)
    assert set_up(fresh, code) == 201


def test_once_it_is_set_up_no_restart_sets_it_back(fresh: Running) -> None:
    code = code_of(fresh)
    assert set_up(fresh, code) == 201
    file = fresh.data / "secrets" / "setup-code"

    for _ in range(2):
        restart(fresh)

        assert not needed(fresh)
        assert not file.exists()
        assert set_up(fresh, code, "eva") == 409
        with pytest.raises(AssertionError, match="já tem um administrador"):
            fresh.command("setup-code")
    # Nor does whoever can write beside the database, but not into it.
    file.write_text(code + "\n", "ascii")
    restart(fresh)
    assert set_up(fresh, code, "eva") == 409
    signed_in = fresh.client.post(
        "/api/session", json={"email": "ana@casa.test", "password": WORD}
    ).json()
    assert signed_in["person"]["role"] == "admin"
    assert [one["email"] for one in fresh.client.get("/api/people").json()["items"]] == [
        "ana@casa.test"
    ]
