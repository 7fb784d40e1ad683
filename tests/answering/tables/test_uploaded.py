"""A workbook of twenty thousand rows, uploaded and asked as people do, against ``Decimal``."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from appliance.answering.tables import telling
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House

ROWS = 20_000
ATTACK = '"; drop table table_rows; --'
HEADER = ["Código", "Cidade", "Valor", "Desconto", "Nota", "Nota", ATTACK]


def brazilian(cents: int) -> str:
    return telling.figure(Decimal(cents).scaleb(-2), "pt", "R$", decimals=2)


def _rows() -> list[list[Any]]:
    """Amounts as Brazilians write them, as text; half of the discounts are empty."""
    rng = random.Random(5)
    cents = rng.sample(range(1, 900_000_000), ROWS)
    return [
        [
            f"V-{n:05}",
            rng.choice(("Itu", "Jaú", "São Paulo", None)),
            brazilian(cents[n]),
            rng.choice((None, rng.randrange(1, 5000) / 100)),
            n % 7,
            n % 5,
            n % 3,
        ]
        for n in range(ROWS)
    ]


ALL = _rows()


def amount(row: list[Any]) -> Decimal:
    return Decimal(row[2].removeprefix("R$ ").replace(".", "").replace(",", "."))


def told(number: Decimal) -> str:
    return telling.figure(number, "pt", "R$", decimals=2)


class Shop:
    """The house with the workbook in it; ``ask`` asks its assistant."""

    def __init__(self, house: House, content: bytes) -> None:
        self.house = house
        self.assistant = house.assistant("Vendas")
        self.document = house.upload(self.assistant["collections"][0], content, "vendas.xlsx")

    def ask(self, question: str) -> dict[str, Any]:
        return self.house.ask(self.assistant["id"], question)

    def said(self, question: str) -> str:
        """The answer without how it was come by and without the marks of its citations."""
        lines = self.ask(question)["answer"].splitlines()[:-1]
        return "\n".join(line.partition(" [1]")[0] for line in lines)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = Path(tmp_path_factory.mktemp("shop"))
    path = folder / "vendas.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("Vendas")
    for number, row in enumerate([HEADER, *ALL]):
        page.write_row(number, 0, row)
    book.close()
    settings = Settings(data_dir=str(folder / "data"))
    with House(settings, embedder=WordEmbedder()) as house:
        yield Shop(house, path.read_bytes())


def test_the_workbook_is_read_whole(shop: Shop) -> None:
    assert shop.document["state"] == "ready"
    assert f"de {telling.whole(ROWS, 'pt')} linhas" in shop.ask("quantas vendas temos?")["answer"]


def test_a_sum_is_exact_to_the_cent(shop: Shop) -> None:
    total = sum(map(amount, ALL), Decimal(0))

    assert shop.said("Qual é a soma do valor?") == f"Soma de “Valor”: {told(total)}."


@pytest.mark.parametrize(
    ("question", "sentence", "language"),
    [
        ("qual a soma do valor das vendas em Itu?", "Soma de “Valor”: {}.", "pt"),
        ("What is the total value of the sales in Itu?", "Sum of “Valor”: {}.", "en"),
        ("¿Cuál es la suma del valor de las ventas en Itu?", "Suma de “Valor”: {}.", "es"),
    ],
)
def test_a_sum_is_asked_and_told_in_three_languages(
    shop: Shop, question: str, sentence: str, language
) -> None:
    total = sum((amount(row) for row in ALL if row[1] == "Itu"), Decimal(0))

    figure = telling.figure(total, language, "R$", decimals=2)
    assert shop.said(question) == sentence.format(figure)


def test_a_count_is_exact_and_an_empty_cell_is_none_of_its_values(shop: Shop) -> None:
    count = telling.whole(sum(row[1] == "São Paulo" for row in ALL), "pt")

    assert shop.said("quantas vendas em sao paulo?") == f"Registros encontrados: {count}."


@pytest.mark.parametrize("limit", [ALL[7], ALL[11]])
def test_a_bound_is_exact_to_the_cent(shop: Shop, limit: list[Any]) -> None:
    count = telling.whole(sum(amount(row) > amount(limit) for row in ALL), "pt")

    said = shop.said(f"quantas vendas com valor acima de {limit[2]}?")

    assert said == f"Registros encontrados: {count}."


@pytest.mark.parametrize(
    ("question", "choose", "name"),
    [("qual a venda de maior valor?", max, "Maior"), ("qual o menor valor?", min, "Menor")],
)
def test_an_extreme_is_exact_and_its_row_is_named_and_cited(
    shop: Shop, question: str, choose, name: str
) -> None:
    row = choose(ALL, key=amount)

    assert shop.said(question) == f"{name} valor em “Valor”: {row[2]} ({row[0]})."
    _, cited = shop.ask(question)["citations"]
    assert cited["quote"].startswith(f"{row[0]} | ")


def test_a_row_is_looked_up_by_its_key(shop: Shop) -> None:
    row = ALL[4321]

    answer = shop.ask(f"qual o valor da venda {row[0]}?")

    assert answer["answer"].startswith(f"Valor: {row[2]} ({row[0]}).")
    assert [one["quote"].split(" | ")[0] for one in answer["citations"]] == ["Código", row[0]]


def test_totals_of_groups_add_up_to_the_whole(shop: Shop) -> None:
    """The rows without a city have a line of their own, the last."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in ALL:
        totals[row[1] or "–"] += amount(row)

    head, *lines = shop.said("soma do valor por cidade").splitlines()

    assert head == "Soma de “Valor” por “Cidade”:"
    assert lines == [f"- {name}: {told(totals[name])}" for name in ("Itu", "Jaú", "São Paulo", "–")]


def test_counts_of_groups_add_up_to_the_whole(shop: Shop) -> None:
    counts = Counter(row[1] or "–" for row in ALL)

    _, *lines = shop.said("quantas vendas por cidade?").splitlines()

    names = ("Itu", "Jaú", "São Paulo", "–")
    assert lines == [f"- {name}: {telling.whole(counts[name], 'pt')}" for name in names]


def test_the_city_with_the_most_is_a_city(shop: Shop) -> None:
    ((city, most),) = Counter(row[1] for row in ALL if row[1]).most_common(1)

    said = shop.said("qual cidade tem mais vendas?")

    assert said == f"“Cidade” com mais registros: {city} ({telling.whole(most, 'pt')})."


def test_empty_cells_are_left_out_of_a_sum_and_that_is_told(shop: Shop) -> None:
    given = [Decimal(str(row[3])) for row in ALL if row[3] is not None]

    answer = shop.ask("qual a soma dos descontos?")["answer"]

    total = telling.figure(sum(given, Decimal(0)), "pt", decimals=2)
    assert answer.startswith(f"Soma de “Desconto”: {total}.")
    empty = telling.whole(ROWS - len(given), "pt")
    assert f"{empty} sem número em “Desconto” não contam" in answer


def test_every_citation_is_a_line_of_the_text(shop: Shop) -> None:
    answer = shop.ask("qual a soma do valor das vendas em Itu?")

    header, *lines = answer["citations"]
    assert header["quote"] == " | ".join(HEADER)
    assert len(lines) == 5
    for one in lines:
        row = next(row for row in ALL if row[0] == one["quote"].split(" | ")[0])
        assert one["document"]["id"] == shop.document["id"]
        assert row[1] == "Itu"
        assert row[2] in one["quote"]


def test_two_columns_of_one_name_are_not_guessed(shop: Shop) -> None:
    assert "Soma de" not in shop.ask("qual a soma das notas das vendas?")["answer"]


def test_a_column_called_like_an_attack_is_added_up(shop: Shop) -> None:
    total = telling.whole(sum(row[6] for row in ALL), "pt")

    assert shop.said(f"qual a soma de {ATTACK} das vendas?") == f"Soma de “{ATTACK}”: {total}."


@pytest.mark.parametrize(
    "question",
    [
        "quantas vendas em Itu'; drop table table_rows; --",
        'qual a soma do valor em "Itu" or 1=1',
        "soma do valor) from table_rows; delete from tables; --",
        "quantas vendas em Itu union select token from sessions",
    ],
)
def test_an_attack_changes_and_reveals_nothing(shop: Shop, question: str) -> None:
    shop.ask(question)

    assert f"de {telling.whole(ROWS, 'pt')} linhas" in shop.ask("quantas vendas temos?")["answer"]


def test_what_no_template_expresses_is_answered_from_passages_and_says_so(shop: Shop) -> None:
    answer = shop.ask("quantas vendas em Itu foram devolvidas?")

    assert "planilha “Vendas”" in answer["note"]
    assert "Registros encontrados" not in answer["answer"]


@pytest.mark.parametrize(
    "question", ["Qual é o horário da secretaria?", "How do I return a book?", "Olá, bom dia!"]
)
def test_a_question_about_no_table_is_not_caught(shop: Shop, question: str) -> None:
    answer = shop.ask(question)

    assert answer["note"] == ""
    assert "linhas" not in answer["answer"]


def test_another_assistant_computes_nothing_from_it(shop: Shop) -> None:
    other = shop.house.assistant("Biblioteca")

    answer = shop.house.ask(other["id"], "Qual é a soma do valor?")

    assert answer["state"] == "refused"
    assert answer["passages"] == []
