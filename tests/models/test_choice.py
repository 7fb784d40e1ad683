"""Which model is run: what the settings fix comes first, then what was chosen here."""

from pathlib import Path

from appliance.models import choice
from appliance.models.choice import Choice


def test_before_anything_was_chosen_no_model_is_run(tmp_path: Path) -> None:
    assert choice.chosen(tmp_path / "models") == Choice(name="", former="")
    assert choice.wanted("", tmp_path) == ""


def test_a_choice_is_kept_with_the_one_before_it(tmp_path: Path) -> None:
    choice.choose(tmp_path, "small")
    choice.choose(tmp_path, "large")

    assert choice.chosen(tmp_path) == Choice(name="large", former="small")
    assert choice.wanted("", tmp_path) == "large"


def test_the_same_choice_again_changes_nothing(tmp_path: Path) -> None:
    choice.choose(tmp_path, "small")
    choice.choose(tmp_path, "large")

    assert choice.choose(tmp_path, "large").former == "small"


def test_who_chooses_none_is_still_offered_what_was_there(tmp_path: Path) -> None:
    choice.choose(tmp_path, "small")
    choice.choose(tmp_path, "")

    assert choice.chosen(tmp_path) == Choice(name="", former="small")
    assert choice.choose(tmp_path, "large").former == "small"


def test_the_settings_come_first(tmp_path: Path) -> None:
    choice.choose(tmp_path, "small")

    assert choice.wanted("large=/srv/large.gguf", tmp_path) == "large=/srv/large.gguf"
    assert choice.name_of("large=/srv/large.gguf", tmp_path) == "large"
    assert choice.name_of("", tmp_path) == "small"


def test_a_choice_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / choice.FILE).write_text("{")

    assert choice.chosen(tmp_path) == Choice()
