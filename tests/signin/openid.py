"""A real OpenID provider for the tests: ``oidc-provider`` under node, on this machine alone."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.mailhouse import free_port

SCRIPT = Path(__file__).parent / "provider" / "provider.mjs"
CLIENT, SECRET = "balcao", "segredo-do-cliente-77-escola-agora"
PEOPLE: dict[str, dict[str, Any]] = {
    "7001": {"name": "Bia Lima", "email": "bia@escola.example", "email_verified": True,
             "groups": ["legal"], "picture": "http://127.0.0.1:1/bia.png"},
    "7002": {"name": "Caio Reis", "email": "caio@escola.example", "email_verified": False,
             "groups": ["legal"]},
    "7003": {"name": "Sem Regra", "email": "sem@escola.example", "email_verified": True,
             "groups": []},
}  # fmt: skip


class OpenId:
    """``people`` by their subject; what is changed here is what it says from then on."""

    def __init__(self, folder: Path, house: str) -> None:
        self.file = folder / "people.json"
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.house = house
        self.people = {subject: dict(claims) for subject, claims in PEOPLE.items()}
        self.short = False
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.tell()
        self._process = subprocess.Popen(
            ["node", str(SCRIPT), str(self.port), str(self.file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"

    def stop(self) -> None:
        """Be away."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=20)
            self._process = None

    def tell(self) -> None:
        """Make what ``people`` holds the truth."""
        client = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{self.house}/api/session/oidc/callback"],
            "post_logout_redirect_uris": [f"{self.house}/"],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
        }
        told = {"client": client, "short": self.short, "people": self.people}
        self.file.write_text(json.dumps(told))

    def consented(self, address: str, subject: str) -> str:
        """Walk as a browser does from the address where the house sends somebody, be this
        subject over there, and stop where the provider sends back: that address."""
        with httpx.Client(trust_env=False) as browser:
            answer = browser.get(address)
            for _ in range(8):
                assert answer.is_redirect, answer.text
                following = httpx.URL(address).join(answer.headers["location"])
                if str(following).startswith(self.house):
                    return str(following)
                answer = browser.get(following)
                if answer.status_code == 200:
                    answer = browser.post(following, data={"account": subject})
        raise AssertionError(f"the provider sent nobody back: {answer}")

    def signed_out(self, address: str) -> str:
        """Say over there that one wants to leave, as the page it shows asks; where it leads."""
        with httpx.Client(trust_env=False) as browser:
            page = browser.get(address)
            assert page.status_code == 200, page.text
            form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text)) | {"logout": "yes"}
            answer = browser.post(f"{self.issuer}/session/end/confirm", data=form)
        return str(answer.headers["location"])


@contextmanager
def provider(folder: Path, house: str, *, short: bool = False) -> Iterator[OpenId]:
    """A provider that knows the house at this address. ``short``: its ID token says no more
    than who somebody is."""
    opened = OpenId(folder, house)
    opened.short = short
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()
