"""What tesseract wrote becomes a page: its lines, its joined words, its places, or noise."""

import pytest

from appliance.index.reading import transcript
from appliance.index.reading.transcript import Printed
from appliance.index.reading.wire import Scan
from appliance.records import Page, Word


def scan(*, skew: float = 0.0, ink: float = 0.05, note: str = "no_text") -> Scan:
    """A page of 1,000 by 2,000 pixels, without them."""
    return Scan(
        number=3,
        note=note,
        width=1000,
        height=2000,
        pixels=b"",
        page_width=1000,
        page_height=2000,
        skew=skew,
        ink=ink,
    )


def line(
    text: str,
    number: int,
    *,
    block: int = 1,
    paragraph: int = 1,
    left: int = 100,
    sure: float = 0.95,
) -> list[Printed]:
    """The words of a line: letters 10 pixels wide and 20 high, lines 30 apart."""
    words, at = [], left
    for word in text.split(" "):
        top = 100 * block + 30 * number
        right = at + 10 * len(word)
        if word:
            words.append(Printed((block, paragraph, number), at, top, right, top + 20, sure, word))
        at = right + 10
    return words


def read(*lines: list[Printed], **how: object) -> Page:
    return transcript.page(scan(**how), [word for one in lines for word in one])  # type: ignore[arg-type]


def test_lines_of_a_paragraph_are_joined() -> None:
    page = read(line("A multa por atraso é de um real", 1), line("por dia de atraso.", 2))

    assert page.text == "A multa por atraso é de um real por dia de atraso."
    assert (page.how, page.notes, page.confidence) == ("ocr", ("no_text",), 0.95)


def test_lines_that_had_room_for_more_stay_lines() -> None:
    page = read(line("Documentos", 1), line("RG", 2), line("Histórico escolar do ano anterior", 3))

    assert page.text == "Documentos\nRG\nHistórico escolar do ano anterior"


def test_paragraphs_and_blocks_are_parted_by_an_empty_line() -> None:
    page = read(
        line("Primeiro.", 1), line("Segundo.", 2, paragraph=2), line("Terceiro.", 1, block=2)
    )

    assert page.text == "Primeiro.\n\nSegundo.\n\nTerceiro."


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("O Ensino Funda-", "mental começa", "O Ensino Fundamental começa"),
        ("Deve matricular-", "se em março", "Deve matricular-se em março"),
        ("Na segunda-", "feira não há", "Na segunda-feira não há"),
        ("O período 2025-", "2026 começa", "O período 2025-2026 começa"),
        ("Das 8 às 12 -", "turno da manhã", "Das 8 às 12 - turno da manhã"),
    ],
)
def test_words_cut_between_lines_are_joined(above: str, below: str, joined: str) -> None:
    assert read(line(above, 1), line(below, 2)).text == joined


def test_a_word_cut_in_two_has_two_places() -> None:
    page = read(line("O Ensino Funda-", 1), line("mental", 2))

    spans = [page.text[word.start : word.end] for word in page.words]
    assert spans == ["O", "Ensino", "Funda", "mental"]
    assert page.words[2].end == page.words[3].start


def test_cells_of_a_row_are_parted_by_a_bar() -> None:
    cells = line("Manhã", 1) + line("7h20", 1, left=400) + line("12h40", 1, left=700)

    assert read(cells).text == "Manhã | 7h20 | 12h40"


def test_every_word_stands_where_its_span_says() -> None:
    page = read(line("A multa é de", 1), line("R$ 1,50.", 2), line("Outro bloco", 1, block=2))

    assert [page.text[word.start : word.end] for word in page.words] == [
        *["A", "multa", "é", "de"],
        *["R$", "1,50."],
        *["Outro", "bloco"],
    ]


def test_places_are_ten_thousandths_of_the_page() -> None:
    (word,) = read([Printed((1, 1, 1), 100, 200, 300, 240, 0.9, "palavra")]).words

    assert word == Word(0, 7, 1000, 1000, 3000, 1200, 90)


@pytest.mark.parametrize("skew", [2.0, -2.0])
def test_places_of_a_page_made_level_are_those_on_the_page_as_it_is(skew: float) -> None:
    # At the right edge, half way down: turned back it stands above (below) the middle.
    place = Printed((1, 1, 1), 890, 990, 910, 1010, 0.9, "fim")
    (word,) = read([place], skew=skew).words

    middle = (word.top + word.bottom) / 2 / 10_000 * 2000
    assert middle - 1000 == pytest.approx(400 * 0.0349 * (skew / 2), abs=1)


def test_letters_are_composed_and_ligatures_dissolved() -> None:
    table = (
        "5\t1\t1\t1\t1\t1\t0\t0\t90\t20\t90\to\ufb01cial\n"
        "5\t1\t1\t1\t1\t2\t100\t0\t90\t20\t90\tmatri\u0301cula\n"
    )

    assert read(transcript.parsed(table)).text == "oficial matr\u00edcula"


def test_what_tesseract_sees_in_a_photograph_is_left_out() -> None:
    page = read(line("Uma foto da escola", 1), line("~|[ aE. §i", 1, block=2, sure=0.2))

    assert page.text == "Uma foto da escola"
    assert page.confidence == 0.95


def test_a_page_of_noise_is_unreadable() -> None:
    page = read(line("aE rn iI l1", 1, sure=0.25))

    assert (page.how, page.text, page.notes) == ("unreadable", "", ("no_text", "poor_scan"))


def test_a_page_of_which_hardly_half_is_right_is_unreadable() -> None:
    assert read(line("A matrícula será feita até março", 1, sure=0.45)).how == "unreadable"
    assert read(line("A matrícula será feita até março", 1, sure=0.55)).how == "ocr"


def test_symbols_without_a_letter_are_noise_however_sure() -> None:
    assert read(line("— | ~ .", 1)).how == "unreadable"


def test_nothing_read_on_a_page_with_hardly_a_mark_is_a_blank_page() -> None:
    assert read(ink=0.0001) == Page(number=3, how="digital", text="", notes=("blank",))


def test_nothing_read_on_a_page_full_of_marks_is_unreadable() -> None:
    assert read(ink=0.2).how == "unreadable"


def test_a_page_that_never_had_text_needs_no_reason() -> None:
    assert read(line("Aviso", 1), note="").notes == ()
    assert read(note="").notes == ("poor_scan",)


def test_long_words_count_for_more_in_the_confidence() -> None:
    words = [
        Printed((1, 1, 1), 0, 0, 90, 20, 1.0, "matrícula"),
        Printed((1, 1, 1), 100, 0, 110, 20, 0.0, "1"),
    ]

    assert transcript.sureness(words) == pytest.approx(0.9)


def test_rows_of_the_table_become_words() -> None:
    table = (
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
        "4\t1\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t\n"
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tAté\n"
        "5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t-1\t \n"
    )

    assert transcript.parsed(table) == [Printed((1, 1, 1), 10, 20, 40, 60, 0.965, "Até")]


@pytest.mark.parametrize(
    "table",
    [
        "",
        "5\t1",
        "5\t" * 11,
        "5\t1\t1\t1\t1\t1\tx\t20\t30\t40\t96\ta",
        "\x00\xff",
        "5\t1\t1\t1\t1\t1\t1\t2\t3\t4\tnan",
    ],
)
def test_rows_that_are_none_are_left_out(table: str) -> None:
    assert transcript.parsed(table) == []
