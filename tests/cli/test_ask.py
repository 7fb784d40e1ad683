"""The main job in a terminal: take in, ask, search."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from appliance.cli import appliance
from appliance.cli.ask import place, print_answer
from appliance.records import Answer
from tests.house import HANDBOOK
from tests.passages import passage

SAMPLES = Path(__file__).parents[2] / "installer" / "samples"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    """A terminal beside a data folder with one assistant that has read the handbook."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "docs" / ".hidden").mkdir(parents=True)
    (folder / "docs" / "regimento.md").write_text(HANDBOOK)
    (folder / "docs" / ".hidden" / "secret.md").write_text("not for readers")
    environment = {"APPLIANCE_DATA_DIR": str(folder / "data")}

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(appliance, list(arguments), env=environment)

    made = run("assistant", "create", "--name", "Secretaria", "--json")
    assert made.exit_code == 0, made.output
    taken = run("ingest", str(folder / "docs"), "--collection", "Secretaria", "--json")
    assert taken.exit_code == 0, taken.output
    run.taken = json.loads(taken.stdout)
    run.folder = folder
    return run


def test_ingest_reads_the_visible_files_of_a_folder(terminal) -> None:
    assert [(one["title"], one["state"]) for one in terminal.taken] == [("Regimento", "ready")]


def test_ingest_leaves_what_is_there_alone(terminal) -> None:
    again = terminal("ingest", str(terminal.folder / "docs"), "--collection", "Secretaria")

    assert again.exit_code == 0
    assert "já está na coleção" in again.output


def test_a_file_that_cannot_be_read_is_named_and_the_exit_status_says_so(terminal) -> None:
    bad = terminal.folder / "programa.pdf"
    bad.write_bytes(b"MZ\x90\x00" + b"\x00" * 500)

    refused = terminal("ingest", str(bad), "--collection", "Secretaria")

    assert refused.exit_code == 1
    assert "programa.pdf" in refused.output
    assert "Traceback" not in refused.output


def test_an_answer_is_printed_with_its_place_and_quote(terminal) -> None:
    said = terminal(
        "ask", "Qual é a multa por atraso na devolução de livros?", "--assistant", "Secretaria"
    )

    assert said.exit_code == 0
    assert "R$ 1,50 por dia. [1]" in said.output
    assert "[1] Regimento" in said.output
    assert "“A multa por atraso" in " ".join(said.output.split())


def test_an_answer_as_json_has_the_shape_of_the_contract(terminal) -> None:
    said = terminal("ask", "Quando atende a secretaria?", "--assistant", "secretaria", "--json")

    answer = json.loads(said.stdout)
    assert answer["state"] in ("answered", "refused")
    assert set(answer) >= {"message", "conversation", "sentences", "citations", "passages", "took"}


def test_an_answer_that_left_the_building_says_so(terminal, capsys) -> None:
    said = terminal("ask", "Quando atende a secretaria?", "--assistant", "secretaria", "--json")
    answer = msgspec.json.decode(said.stdout, type=Answer)
    print_answer(answer, "pt")
    assert "prédio" not in capsys.readouterr().out

    print_answer(structs.replace(answer, left_building=True), "pt")

    assert "a pergunta e os trechos saíram deste prédio" in capsys.readouterr().out


def test_a_search_prints_passages_best_first(terminal) -> None:
    found = terminal("search", "multa livros", "--assistant", "Secretaria", "--limit", "2")

    assert found.exit_code == 0
    assert found.output.startswith("1. Regimento")


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "Oi?", "--assistant", "Portaria"),
        ("ask", "", "--assistant", "Secretaria"),
        ("search", " ", "--assistant", "Secretaria"),
        ("ingest", ".", "--collection", "Nenhuma"),
        ("assistant", "remove", "Portaria"),
    ],
)
def test_a_refusal_is_one_sentence_and_status_1(terminal, arguments) -> None:
    refused = terminal(*arguments)

    assert refused.exit_code == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert all(word in refused.stderr for word in arguments if word in ("Portaria", "Nenhuma"))
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    "arguments",
    [("ask", "Oi?"), ("nonsense",), ("search", "a", "--assistant", "b", "--limit", "0")],
)
def test_wrong_usage_is_status_2(terminal, arguments) -> None:
    assert terminal(*arguments).exit_code == 2


def test_assistants_are_listed_and_removed(terminal) -> None:
    terminal("assistant", "create", "--name", "Portaria", "--collection", "Secretaria")

    listed = terminal("assistant", "list", "--json")
    removed = terminal("assistant", "remove", "portaria")

    assert [one["name"] for one in json.loads(listed.stdout)] == ["Secretaria", "Portaria"]
    assert removed.exit_code == 0
    assert "Portaria" not in terminal("assistant", "list").output


def test_the_version_is_printed(terminal) -> None:
    assert json.loads(terminal("version", "--json").stdout)["version"]


def test_the_sample_assistant_answers_its_questions_and_refuses_what_is_not_there(
    tmp_path,
) -> None:
    environment = {"APPLIANCE_DATA_DIR": str(tmp_path / "data")}

    first = CliRunner().invoke(appliance, ["sample", "--check"], env=environment)

    assert first.exit_code == 0, first.output
    assert first.output.count("✓") == 3
    assert re.search(r"Regimento escolar, (Art\. \d+.*, )p\. 7", first.output)


def test_a_sample_answer_that_is_wrong_is_not_passed(tmp_path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "nota.md").write_text("# Nota\n\nA cantina abre às 9h.\n")
    (folder / "questions.json").write_text(
        '[{"question": "Quando abre a cantina?",'
        ' "expect": {"document": "nota.md", "page": null, "quote": "às 10h"}}]'
    )

    checked = CliRunner().invoke(
        appliance,
        ["sample", "--check", "--folder", str(folder)],
        env={"APPLIANCE_DATA_DIR": str(tmp_path / "data")},
    )

    assert checked.exit_code == 1
    assert "✗" in checked.output


def test_a_place_is_title_provision_and_page() -> None:
    cited = passage("§ 2º Cabe recurso.", title="Estatuto", page=12)

    assert place(structs.replace(cited, place="Art. 27, § 2º")) == "Estatuto, Art. 27, § 2º, p. 12"
    assert place(cited) == "Estatuto, p. 12"
    assert place(structs.replace(cited, page=None)) == "Estatuto"
