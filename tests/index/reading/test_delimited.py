"""Tables in plain text, whatever their separator, their quotes and their encoding."""

from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import delimited
from tests.index.reading.papers import saved
from tests.index.reading.workbooks import Found

SHARED = Path(__file__).parents[4] / "shared" / "data" / "files"


def found(tmp_path: Path, content: str | bytes, name: str = "alunos.csv") -> Found:
    return Found(saved(tmp_path, name, content))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    lines = ["Nome;Turma;Nota", "Ana;A;8", "Bia;B;9"]
    read = found(tmp_path, "\n".join(lines).replace(";", separator))

    assert read.names() == ["Nome", "Turma", "Nota"]
    assert read.cells() == [("Ana", "A", 8), ("Bia", "B", 9)]
    assert read.text == "Nome | Turma | Nota\nAna | A | 8\nBia | B | 9"


def test_commas_in_numbers_do_not_part_cells(tmp_path: Path) -> None:
    read = found(tmp_path, "Nome;Valor\nAna;1.234,56\nBia;2.000,00\n")

    assert read.cells() == [("Ana", 123456), ("Bia", 200000)]


def test_points_are_decimals_where_the_file_says_so(tmp_path: Path) -> None:
    read = found(tmp_path, "name,price,weight\nA,1.234,0.5\nB,2.500,1.25\n")

    assert read.cells() == [("A", 1234, 50), ("B", 2500, 125)]
    assert read.tables[0][0].columns[1].scale == 3


def test_excels_first_line_names_the_separator(tmp_path: Path) -> None:
    read = found(tmp_path, "sep=,\nNome,Nota;extra\nAna,8\n")

    assert read.names() == ["Nome", "Nota;extra"]


def test_quotes_hold_separators_and_lines_together(tmp_path: Path) -> None:
    read = found(tmp_path, 'Nome;Obs\n"Prado; Ana";"linha um\nlinha dois"\n"diz ""oi""";x\n')

    assert read.cells() == [("Prado; Ana", "linha um linha dois"), ('diz "oi"', "x")]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    rows = "".join(f"Tubo {n};{n}\n" for n in range(300))
    read = found(tmp_path, f'Item;Quantidade\n"Tubo;1\n{rows}')

    assert len(read.cells()) == 301


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive(tmp_path: Path, encoding: str) -> None:
    read = found(tmp_path, "Nome;Situação\nJoão;Não é sócio\n".encode(encoding))

    assert read.names() == ["Nome", "Situação"]
    assert read.cells() == [("João", "Não é sócio")]


def test_shift_jis_is_read(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"the real files are not at {SHARED}")
    read = Found(SHARED / "markitdown__test_mskanji.csv")

    assert read.text.startswith("名前 | 年齢 | 住所\n佐藤太郎 | 30 | 東京")


def test_line_ends_of_any_system(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        assert found(tmp_path, end.join(["Nome;Nota", "Ana;8"])).cells() == [("Ana", 8)]


def test_dates_in_text_are_dates(tmp_path: Path) -> None:
    read = found(tmp_path, "Data;Valor\n31/12/2025;10\n01/02/2025;20\n")

    assert [cells[0] for cells in read.cells()] == ["2025-12-31", "2025-02-01"]
    assert "31/12/2025 | 10" in read.text


def test_the_table_is_called_like_the_file(tmp_path: Path) -> None:
    read = found(tmp_path, "Nome;Nota\nAna;8\n", name="Notas do 1º A.csv")

    assert read.tables[0][0].sheet == "Notas do 1º A"
    assert read.page.headings == ()


def test_a_tsv_is_read_alike(tmp_path: Path) -> None:
    assert found(tmp_path, "Nome\tNota\nAna\t8\n", name="a.tsv").cells() == [("Ana", 8)]


def test_one_column_is_text_and_no_table(tmp_path: Path) -> None:
    read = found(tmp_path, "Ana\nBia\nCaio\n")

    assert read.text == "Ana\nBia\nCaio"
    assert read.tables == []


def test_empty_cells_are_none(tmp_path: Path) -> None:
    assert found(tmp_path, "Nome;Nota;Obs\nAna;;x\n;8;y\n").cells() == [
        ("Ana", None, "x"),
        (None, 8, "y"),
    ]


def test_a_file_longer_than_any_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "BYTES_LIMIT", 10)
    path = saved(tmp_path, "a.csv", "Nome;Nota\nAna;8\n")

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(delimited.read(file, path.name))

    assert refusal.value.code == "too_long"


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", b"\x00\x01\x02" * 100)

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(delimited.read(file, path.name))

    assert refusal.value.code == "type_mismatch"


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_very_long_cell_is_cut_and_costs_nothing_else(tmp_path: Path, quote: str) -> None:
    read = found(tmp_path, f"Nome;Obs\nAna;{quote}{'x' * 200_000}{quote}\nBia;y\n")

    assert [cells[0] for cells in read.cells()] == ["Ana", "Bia"]


def test_the_word_that_names_the_separator_is_read_in_capitals_too(tmp_path: Path) -> None:
    assert found(tmp_path, "SEP=|\nNome|Nota;x\nAna|8\n").names() == ["Nome", "Nota;x"]


def test_the_separator_that_parts_most_lines_alike_wins(tmp_path: Path) -> None:
    read = found(tmp_path, "Nome;Obs\nAna;a, b, c\nBia;d, e\n")

    assert read.names() == ["Nome", "Obs"]


def test_a_row_longer_than_the_header_keeps_all_its_cells(tmp_path: Path) -> None:
    assert "Ana | 8 | extra" in found(tmp_path, "Nome;Nota\nAna;8;extra\nBia;9\n").text


def test_a_file_of_empty_lines_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", ";;\n;;\n")

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(delimited.read(file, path.name))

    assert refusal.value.code == "no_words"
