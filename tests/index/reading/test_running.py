"""What runs along the edges of pages stays in the text once, and page numbers never."""

from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from appliance.records import Page
from tests.index.reading import papers

HEADER, FOOTER = "Regimento Escolar do Colégio Aurora", "Rua das Acácias, 480 – (19) 3555-0142"
BODY = (
    "O aluno que perde a prova pede a segunda chamada na secretaria",
    "em três dias úteis, e traz o atestado, se o tem, com o pedido.",
)


def small(text: str, *, y: float, x: float = 72, size: float = 8) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text)

    return draw


def document(folder: Path, *pages: Sequence[Callable[[Canvas], None]]) -> list[Page]:
    """The pages of a PDF; each has the body and what is drawn around it."""

    def page(number: int, draws: Sequence[Callable[[Canvas], None]]) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for one in draws:
                one(canvas)
            papers.lines_at([f"Texto da folha {number}, que é só dela.", *BODY], top=700)(canvas)

        return draw

    path = folder / "a.pdf"
    return papers.pages_of(
        papers.drawn(path, *(page(number, draws) for number, draws in enumerate(pages, 1)))
    )


def test_a_header_and_a_footer_stay_once_and_are_reported(tmp_path: Path) -> None:
    edges = (small(HEADER, y=810), small(FOOTER, y=30))

    first, *others = document(tmp_path, *[edges] * 20)

    assert HEADER in first.text
    assert FOOTER in first.text
    for page in others:
        assert HEADER not in page.text
        assert FOOTER not in page.text
        assert page.removed == (HEADER, FOOTER)
        assert page.notes == ("removed_footer", "removed_header")


def test_the_body_of_every_page_is_whole(tmp_path: Path) -> None:
    pages = document(tmp_path, *[(small(HEADER, y=810),)] * 9)

    for page in pages:
        assert page.text.replace("\n", " ").endswith(" ".join(BODY))
        assert f"Texto da folha {page.number}, que é só dela." in page.text


def test_page_numbers_go_from_every_page(tmp_path: Path) -> None:
    pages = document(
        tmp_path, *[(small(f"Página {number} de 12", y=30),) for number in range(1, 13)]
    )

    assert [page.removed for page in pages] == [(f"Página {n} de 12",) for n in range(1, 13)]
    assert not any("Página" in page.text for page in pages)


def test_bare_numbers_that_count_are_page_numbers(tmp_path: Path) -> None:
    pages = document(tmp_path, *[(small(f"- {n + 10} -", y=30, x=290),) for n in range(1, 9)])

    assert [page.removed for page in pages] == [(f"- {n + 10} -",) for n in range(1, 9)]


def test_roman_numbers_count_too(tmp_path: Path) -> None:
    numbers = ("iii", "iv", "v", "vi", "vii")

    pages = document(tmp_path, *[(small(number, y=30, x=290),) for number in numbers])

    assert [page.removed for page in pages] == [(number,) for number in numbers]


def test_the_number_of_a_letterhead_that_stays_goes_all_the_same(tmp_path: Path) -> None:
    def edge(number: int) -> tuple[Callable[[Canvas], None], ...]:
        return small(FOOTER, y=30), small(f"Página {number} de 6", y=30, x=480)

    first, *others = document(tmp_path, *[edge(number) for number in range(1, 7)])

    assert FOOTER in first.text
    assert "Página" not in first.text
    assert not any(FOOTER in page.text or "Página" in page.text for page in others)


def test_left_and_right_pages_may_have_headers_of_their_own(tmp_path: Path) -> None:
    sides = ((small("Prefeitura de Aurora", y=810),), (small("Plano Diretor", y=810, x=400),))

    pages = document(tmp_path, *sides * 8)

    assert not any("Prefeitura" in page.text or "Plano" in page.text for page in pages[2:])


def test_a_heading_that_stands_once_is_never_taken(tmp_path: Path) -> None:
    pages = document(
        tmp_path, *[(small(f"CAPÍTULO {n} – {t}", y=810, size=14),) for n, t in
                    (("I", "DA ESCOLA"), ("II", "DOS ALUNOS"), ("III", "DAS NOTAS"))],
    )  # fmt: skip

    assert [page.removed for page in pages] == [(), (), ()]


def test_a_title_on_the_first_page_survives_the_header_that_repeats_it(tmp_path: Path) -> None:
    title = (small(HEADER, y=780, size=20),)

    pages = document(tmp_path, title, *[(small(HEADER, y=810),)] * 5)

    assert HEADER in pages[0].text
    assert HEADER not in pages[3].text


def test_figures_at_the_same_place_of_every_page_are_not_page_numbers(tmp_path: Path) -> None:
    pages = document(
        tmp_path, *[(small(number, y=30),) for number in ("1.204", "3.877", "2.051", "9.400")]
    )

    assert [page.removed for page in pages] == [()] * 4


def test_the_header_of_a_table_that_goes_on_stays_with_its_rows(tmp_path: Path) -> None:
    def table(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 10)
            for row, cells in enumerate(
                (("Serviço", "Valor"), (f"Taxa {number}a", "R$ 4,00"), (f"Taxa {number}b", "R$ 5"))
            ):
                canvas.drawString(72, 800 - 16 * row, cells[0])
                canvas.drawString(300, 800 - 16 * row, cells[1])

        return draw

    pages = document(tmp_path, *[(table(number),) for number in range(1, 6)])

    assert all("Serviço | Valor\nTaxa" in page.text for page in pages)


def test_a_header_close_to_the_body_and_of_its_size_is_a_line_of_it(tmp_path: Path) -> None:
    path = papers.pdf(
        tmp_path / "a.pdf", *[("Aurora", f"linha {n}", "fim") for n in ("um", "dois", "três")]
    )

    assert [page.removed for page in papers.pages_of(path)] == [(), (), ()]


def test_lines_far_apart_that_count_with_the_pages_are_the_body(tmp_path: Path) -> None:
    pages = papers.pages_of(
        papers.drawn(
            tmp_path / "a.pdf",
            *[
                papers.lines_at(
                    [f"Artigo {n}-{line}. Da matéria {n}." for line in range(12)], step=20
                )
                for n in range(1, 9)
            ],
        )
    )

    assert [page.removed for page in pages] == [()] * 8
    assert all(f"Artigo {page.number}-0" in page.text for page in pages)


def test_a_single_page_loses_only_its_number(tmp_path: Path) -> None:
    (page,) = document(tmp_path, (small(HEADER, y=810), small("Página 1 de 1", y=30)))

    assert page.removed == ("Página 1 de 1",)
    assert HEADER in page.text


def test_a_page_of_nothing_but_its_number_keeps_it(tmp_path: Path) -> None:
    pages = papers.pages_of(
        papers.drawn(tmp_path / "a.pdf", *[small(str(n), y=30, x=290) for n in (1, 2, 3)])
    )

    assert [page.text for page in pages] == ["1", "2", "3"]
