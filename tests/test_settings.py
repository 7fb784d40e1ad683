"""Settings: a file, then the environment; a typo does not do nothing."""

from pathlib import Path

import pytest

from appliance import settings
from appliance.settings import BadSettings, Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without an appliance.toml of its own."""
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_defaults_hold() -> None:
    assert settings.load({}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "appliance.toml").write_text('port = 9000\nlanguage = "es"\n')

    found = settings.load({"APPLIANCE_PORT": "9001"})

    assert (found.port, found.language) == (9001, "es")


def test_a_file_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("port = 9002\n")

    assert settings.load({"APPLIANCE_CONFIG": str(file)}).port == 9002
    assert settings.load({}, file).port == 9002


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pasages_per_answer = 3", "pasages_per_answer"),
        ("port = 'ninety'", "port"),
        ("port = 70000", "port"),
        ("language = 'fr'", "language"),
        ("port = ", "appliance.toml"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "appliance.toml").write_text(text)

    with pytest.raises(BadSettings) as refusal:
        settings.load({})

    assert says in str(refusal.value)
    assert "appliance.toml" in str(refusal.value)


def test_a_file_that_is_named_and_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"gone\.toml"):
        settings.load({"APPLIANCE_CONFIG": str(tmp_path / "gone.toml")})


def test_a_typo_in_the_environment_is_named() -> None:
    with pytest.raises(BadSettings, match="prot"):
        settings.load({"APPLIANCE_PROT": "8080"})


@pytest.mark.parametrize("name", sorted(settings.NOT_SETTINGS - {"APPLIANCE_CONFIG"}))
def test_variables_that_are_no_settings_are_left_alone(name: str) -> None:
    assert settings.load({name: "anything"}) == Settings()


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "::1", "port": 9000}, "http://[::1]:9000"),
        ({"public_url": "https://balcao.escola.example/"}, "https://balcao.escola.example"),
    ],
)
def test_the_address_is_where_people_reach_it(values: dict, address: str) -> None:
    assert Settings(**values).address == address


def test_the_data_folder_is_an_absolute_path(tmp_path: Path) -> None:
    assert Settings(data_dir="data").data == tmp_path / "data"
