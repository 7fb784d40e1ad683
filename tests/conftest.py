"""The harness: ``assemble(settings, generator=…, embedder=…)`` over a folder of its own."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from appliance.database import Database
from appliance.settings import Settings
from tests import migrated, pickles
from tests.fakes import ScriptedGenerator, WordEmbedder

if TYPE_CHECKING:
    from tests.house import House
    from tests.signin.slapd import Slapd


def pytest_configure() -> None:
    pickles.watch()
    Database.migrate = migrated.migrate  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """No test reads code back from a pickle, nor does what it uses (SEC-40)."""
    yield
    if uses := pickles.taken():
        pytest.fail(f"read back from a pickle: {uses}")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over an empty data folder."""
    return Settings(data_dir=str(tmp_path / "data"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def house(settings: Settings) -> "Iterator[House]":
    """An appliance without a language model: it answers by quoting."""
    from tests.house import House  # assembling loads a second of modules: only where it is used

    with House(settings, embedder=WordEmbedder()) as opened:
        yield opened


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Slapd]":
    """A real directory with the people of a school; whoever changes it puts it back."""
    from tests.signin.slapd import directory

    with directory(tmp_path_factory.mktemp("slapd") / "house") as opened:
        yield opened


@pytest.fixture
def writer() -> ScriptedGenerator:
    """The language model of ``writing_house``."""
    return ScriptedGenerator()


@pytest.fixture
def writing_house(settings: Settings, writer: ScriptedGenerator) -> "Iterator[House]":
    """An appliance with a language model."""
    from tests.house import House

    with House(settings, embedder=WordEmbedder(), generator=writer) as opened:
        yield opened
