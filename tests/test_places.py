"""The product finds its own files, in a checkout and installed."""

from pathlib import Path

import pytest

from appliance import places

CHECKOUT = Path(__file__).parents[1]


def test_in_a_checkout_they_are_at_the_top_level() -> None:
    assert places.static_folder() == CHECKOUT / "static"
    assert places.catalogue_file() == CHECKOUT / "models" / "catalogue.toml"
    assert places.catalogue_folder() == CHECKOUT / "models"


def test_installed_they_are_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = tmp_path / "site-packages" / "appliance"
    (house / "static").mkdir(parents=True)
    (house / "catalogue").mkdir()
    (house / "catalogue" / "catalogue.toml").touch()
    (house.parent / "static").mkdir()  # somebody else's package of that name
    monkeypatch.setattr(places, "HOUSE", house)

    assert places.static_folder() == house / "static"
    assert places.catalogue_file() == house / "catalogue" / "catalogue.toml"


def test_an_incomplete_copy_says_what_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "HOUSE", tmp_path / "appliance")

    with pytest.raises(FileNotFoundError, match=r"incomplete: neither .*static nor .*static"):
        places.static_folder()
