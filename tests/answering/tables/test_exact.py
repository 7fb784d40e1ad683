"""Figures over twenty thousand rows, against Python's own decimals."""

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import xlsxwriter

from appliance.answering.tables import telling
from appliance.database import Database
from tests.answering.tables.shelf import Sheets

ROWS = 20_000
CITIES = ("Santos", "Itu", "Jaú", "São Paulo", "Guarujá", "Bauru", "Olímpia")
HEADER = [
    *("Matrícula", "Nome do aluno", "Turma", "Cidade", "Valor", "Desconto", "Parcelas", "Nota"),
    *(f"Observação {letter}" for letter in "ABCDEFGHIJKL"),
]


def _rows() -> list[list[object]]:
    rng = random.Random(2025)
    return [
        [
            str(100_000 + n),
            f"Pessoa {n} da Costa",
            f"{rng.randrange(1, 10)}º {rng.choice('AB')}",
            rng.choice(CITIES),
            rng.randrange(1, 10_000_000) / 100,
            f"R$ {rng.randrange(1, 900)},{rng.randrange(100):02}",
            rng.randrange(1, 13),
            rng.randrange(0, 101) / 10,
            *(f"texto {n % 7}" for _ in range(12)),
        ]
        for n in range(ROWS)
    ]


ALL = _rows()


def money(value: object) -> Decimal:
    text = str(value)
    return Decimal(text.removeprefix("R$ ").replace(",", ".") if "," in text else text)


def told(number: Decimal, unit: str = "") -> str:
    return telling.figure(number, "pt", unit, decimals=2)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    folder = Path(tmp_path_factory.mktemp("big"))
    path = folder / "big.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("Alunos")
    for number, row in enumerate([HEADER, *ALL]):
        page.write_row(number, 0, row)
    book.close()
    database = Database(folder / "appliance.db")
    database.migrate()
    sheets = Sheets(database, folder)
    sheets.file(path, "Matrículas")
    return sheets


def test_a_sum_is_exact(big: Sheets) -> None:
    total = sum((money(row[4]) for row in ALL), Decimal(0))

    assert big.said("Qual a soma do valor?") == f"Soma de “Valor”: {told(total)}."


def test_a_sum_of_brazilian_amounts_written_as_text_is_exact(big: Sheets) -> None:
    total = sum((money(row[5]) for row in ALL if row[3] == "Itu"), Decimal(0))

    assert told(total, "R$") in big.said("qual o total dos descontos dos alunos de Itu?")


def test_a_count_is_exact(big: Sheets) -> None:
    count = sum(row[2] == "3º B" and row[3] == "São Paulo" for row in ALL)

    assert big.said("quantos alunos da turma 3º B são da cidade de sao paulo?").endswith(
        f": {count}."
    )


def test_an_average_is_rounded_only_at_the_end(big: Sheets) -> None:
    of_a = [money(row[4]) for row in ALL if row[2] == "1º A"]
    average = (sum(of_a, Decimal(0)) / len(of_a)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    assert told(average) in big.said("qual o valor médio da turma 1º A?")


@pytest.mark.parametrize(
    ("question", "choose"), [("qual o maior valor?", max), ("qual o menor valor?", min)]
)
def test_the_extremes_are_exact_and_name_their_row(big: Sheets, question: str, choose) -> None:
    row = choose(ALL, key=lambda row: money(row[4]))

    said = big.said(question)

    assert told(money(row[4])) in said
    assert str(row[1]) in said


def test_a_row_is_looked_up_by_its_key(big: Sheets) -> None:
    row = ALL[12_345]

    assert told(money(row[4])) in big.said(f"qual o valor do aluno de matrícula {row[0]}?")
    assert str(row[3]) in big.said(f"Qual a cidade de {row[1]}?")


def test_totals_of_groups_are_exact(big: Sheets) -> None:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in ALL:
        totals[str(row[3])] += money(row[4])

    lines = big.said("soma do valor por cidade").splitlines()[1:]

    assert sorted(lines) == sorted(f"- {city}: {told(total)}" for city, total in totals.items())


def test_counts_of_groups_are_exact(big: Sheets) -> None:
    lines = big.said("quantos alunos por turma?").splitlines()[1:]

    counts = {f"{n}º {letter}": 0 for n in range(1, 10) for letter in "AB"}
    for row in ALL:
        counts[str(row[2])] += 1
    assert lines == [f"- {name}: {telling.whole(n, 'pt')}" for name, n in sorted(counts.items())]


def test_the_rows_used_are_cited_word_for_word(big: Sheets) -> None:
    header, *lines = big.cited("qual o total dos descontos dos alunos de Itu?")

    assert header.startswith("Matrícula | Nome do aluno | Turma | Cidade | Valor")
    assert len(lines) == 5
    assert all(" | Itu | " in line for line in lines)


def test_how_it_was_computed_is_told(big: Sheets) -> None:
    rows = sum(row[3] == "Itu" for row in ALL)

    how = big.how("qual o total dos descontos dos alunos de Itu?")

    assert how == (
        f"Calculado na planilha “Alunos” de “Matrículas”, sobre {telling.whole(rows, 'pt')} de "
        "20.000 linhas em que Cidade = Itu; citadas as 5 primeiras."
    )
