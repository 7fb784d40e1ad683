"""A house at work for a whole module, and the seats at its console: a language, a width, and
hands on a mouse or on a keyboard.

Quoting, with a worker beside its door; one administrator for each language, who is there once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from appliance import accounts
from appliance.api import guards
from appliance.jobs.golden import Golden
from appliance.records import Language
from appliance.signin import password, sessions
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.browser.languages import LOCALES, Speaker
from tests.browser.scripted import Served
from tests.house import HANDBOOK
from tests.static.conftest import KNOWN, watched
from tests.whole.running import eventually

PASSWORD = "uma frase bem comprida"
WIDTHS = (1280, 390)
EVERY = [(one, width, Mouse) for one in LOCALES for width in WIDTHS]
BY_KEYBOARD = ("pt", 1280, Keyboard)


class Office(Served):
    """The house, and who looks after it."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, None)
        self.people: dict[str, str] = {}

    def employ(self) -> None:
        """Let each language's administrator begin, beside an assistant that is there already."""
        self.assistant("Recepção")
        secret = password.hashed(PASSWORD)
        languages: tuple[Language, ...] = ("pt", "en", "es")
        with self.parts.database.write() as db:
            for language in languages:
                made = accounts.create(
                    db, name=f"Helena {language}", email=address_of(language),
                    password_hash=secret, role="admin", language=language,
                )  # fmt: skip
                self.people[language] = made.id

    def upload(
        self, collection: str, content: bytes | str = HANDBOOK, name: str = "regimento.md"
    ) -> dict[str, Any]:
        """Upload a file; the document, once one of the two workers has read it."""
        address = f"/api/documents/{super().upload(collection, content, name)['id']}"
        eventually(
            lambda: self.client.get(address).json()["state"] == "ready", f"{name} was not read"
        )
        return dict(self.client.get(address).json())

    @contextmanager
    def working(self) -> Iterator[None]:
        """The worker at work beside the door, as in ``appliance serve``."""
        worker = self.parts.worker()
        consumer = worker.start()
        try:
            yield
        finally:
            assert worker.stop(consumer)


def named(part: object) -> str:
    """A part of a seat, as a test's name has it."""
    return part.__name__.lower() if isinstance(part, type) else str(part)


def address_of(language: str) -> str:
    return f"helena-{language}@escola.example"


@dataclass(frozen=True)
class Desk:
    """Somebody at the console."""

    page: Page
    say: Speaker
    width: int
    hands: Hands

    def unfold(self) -> None:
        """Unfold the ways and what stands below them, where a phone hides them."""
        if self.width < 832:
            self.hands.press(self.page.get_by_role("button", name=self.say("Menu"), exact=True))

    def way(self, phrase: str) -> None:
        """Take one of the ways; on a phone they are unfolded first."""
        self.unfold()
        ways = self.page.get_by_role("navigation", name=self.say("Principal"))
        self.hands.press(ways.get_by_role("link", name=self.say(phrase, of="shell"), exact=True))

    def tab(self, phrase: str) -> None:
        """Turn to a part of the assistant that is open."""
        tabs = self.page.get_by_role("navigation", name=self.say("Partes do assistente"))
        self.hands.press(tabs.get_by_role("link", name=self.say(phrase, of="tab"), exact=True))


@dataclass(frozen=True)
class Seat(Desk):
    """A desk in a house."""

    house: Office

    def sit(self) -> None:
        """Be signed in as the administrator of this language."""
        name = guards.cookie_name(self.house.settings)
        with self.house.parts.database.write() as db:
            token = sessions.begin(db, self.house.people[self.say.language], hours=1)
        cookie = {"name": name, "value": token, "url": self.house.address}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        self.page.add_init_script(KNOWN)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The house of a module, which looks often whether golden questions are to be asked."""
    often = pytest.MonkeyPatch()
    often.setitem(Golden.__init__.__kwdefaults__, "look_every", 0.3)
    with Office(tmp_path_factory.mktemp("office") / "data") as house:
        house.employ()
        with house.working():
            yield house
    often.undo()


@pytest.fixture(params=EVERY, ids=lambda one: f"{one[0]}-{one[1]}")
def seat(request: pytest.FixtureRequest, chromium: Browser, office: Office) -> Iterator[Seat]:
    """A seat; a test may ask for others by ``indirect``."""
    language, width, hands = request.param
    with watched(chromium, LOCALES[language], width) as page:
        yield Seat(page, Speaker(language), width, hands(page), office)
        page.goto("about:blank")  # its streams end before the house does
