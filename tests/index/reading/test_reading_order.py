"""Lines come in the order in which people read them."""

from appliance.index.reading import reading_order
from appliance.index.reading.lines import Line

PROSE = (
    "oferece a educação infantil e o",
    "ensino fundamental e rege-se por",
    "este regimento, que o conselho",
    "aprova e publica todos os anos no",
    "mural, para que alunos e famílias",
    "conheçam os prazos e as multas.",
)


def line(*cells: str, y: float, left: float = 60, right: float = 290, size: float = 10) -> Line:
    if len(cells) == 2:
        spans = ((60.0, 290.0), (310.0, 540.0))
        return Line(cells, 60, 540, y, size, False, spans)
    return Line(cells, left, right, y, size, False)


def left(words: str, y: float) -> Line:
    return line(words, y=y)


def right(words: str, y: float) -> Line:
    return line(words, y=y, left=310, right=540)


def down(side: str, begin: float = 700) -> list[Line]:
    draw = left if side == "A" else right
    return [draw(f"{side} {words}", begin - 12 * at) for at, words in enumerate(PROSE)]


def texts(page: list[Line]) -> list[str]:
    return [line.text for line in page]


def test_one_column_after_the_other_stays_so() -> None:
    page = [*down("A"), *down("B")]

    assert reading_order.ordered(page) == (page, True)


def test_columns_written_across_are_read_down() -> None:
    across = [line(f"A {words}", f"B {words}", y=700 - 12 * at) for at, words in enumerate(PROSE)]

    ordered, in_columns = reading_order.ordered(across)

    assert in_columns
    assert texts(ordered) == texts([*down("A"), *down("B")])


def test_a_heading_over_both_columns_comes_first_and_parts_them() -> None:
    title = line("Regimento Escolar do Colégio Aurora", y=740, left=150, right=450, size=16)
    middle = line("Título II – Das matrículas e das mensalidades", y=600, left=120, right=480)
    page = [*down("A"), *down("A", 580), *down("B"), *down("B", 580), title, middle]

    ordered, _ = reading_order.ordered(page)

    assert texts(ordered) == texts([title, *down("A"), *down("B"), middle, *down("A"), *down("B")])


def test_columns_of_figures_are_a_table_and_keep_their_rows() -> None:
    rows = [
        Line((name, "1.234,00"), 60, 540, 700 - 12 * at, 10, False, ((60, 120), (490, 540)))
        for at, name in enumerate(("Ana", "Rui", "Eva", "Noé", "Isa", "Ari"))
    ]

    assert reading_order.ordered(rows) == (rows, False)


def test_one_column_has_no_columns() -> None:
    page = [line(words, y=700 - 12 * at, right=540) for at, words in enumerate(PROSE * 2)]

    assert reading_order.ordered(page) == (page, False)


def test_a_header_that_was_written_last_comes_first() -> None:
    body = [line(words, y=700 - 12 * at, right=540) for at, words in enumerate(PROSE)]
    header = line("Prefeitura de Aurora", y=800)

    assert reading_order.ordered([*body, header]) == ([header, *body], False)


def test_a_footer_that_was_written_first_comes_last() -> None:
    body = [line(words, y=700 - 12 * at, right=540) for at, words in enumerate(PROSE)]
    footer = line("Rua das Acácias, 480", y=40)

    assert reading_order.ordered([footer, *body]) == ([*body, footer], False)


def test_parts_that_stand_beside_each_other_keep_the_order_they_were_written_in() -> None:
    page = [*down("B"), line("legenda", y=690, left=60, right=100)]

    assert reading_order.ordered(page) == (page, False)
