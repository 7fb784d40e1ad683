"""Lines on a page become the paragraphs, rows and headings that a person sees."""

from appliance.index.reading import layout
from appliance.index.reading.lines import Line


def line(
    *cells: str, y: float, left: float = 70, right: float = 500, size: float = 12, cut: bool = False
) -> Line:
    return Line(cells, left, right, y, size, cut)


def text_of(*page: Line, body: float = 12) -> str:
    return layout.written(list(page), body)[0]


def test_full_lines_go_on_in_the_next_one() -> None:
    assert (
        text_of(
            line("A multa por atraso na devolução de um livro", y=700),
            line("da biblioteca é de R$ 1,50 por dia útil", y=685),
            line("e por livro.", y=670, right=130),
        )
        == "A multa por atraso na devolução de um livro da biblioteca é de R$ 1,50 por dia útil "
        "e por livro."
    )


def test_a_short_line_ends_its_paragraph() -> None:
    assert (
        text_of(
            line("Endereço: Rua das Acácias, 480", y=700, right=220),
            line("Telefone: (19) 3555-0142 na secretaria", y=685, right=240),
            line("Horário: das 7h30 às 17h30, de segunda a sexta-feira, sem intervalo", y=670),
        ).count("\n")
        == 2
    )


def test_a_gap_in_the_page_is_an_empty_line() -> None:
    assert (
        text_of(
            line("Primeiro parágrafo da página, que é cheio até a margem direita", y=700),
            line("e termina aqui.", y=685, right=150),
            line("Segundo parágrafo.", y=655, right=170),
        )
        == "Primeiro parágrafo da página, que é cheio até a margem direita e termina aqui."
        "\n\nSegundo parágrafo."
    )


def test_items_articles_and_paragraph_signs_begin_lines() -> None:
    page = [
        line("Art. 3º São fins da escola, nos termos da lei e deste regimento interno:", y=700),
        line("I – formar o aluno para o exercício da cidadania e para os estudos dele;", y=685),
        line("II – assegurar o domínio da leitura, da escrita e do cálculo, e da vida;", y=670),
        line("a) em casa e na escola, com a família e com os colegas de cada turma;", y=655),
        line("§ 1º Os portões abrem 20 minutos antes do início de cada um dos turnos.", y=640),
        line("• item com marca, tão longo quanto a linha inteira da página permite ser.", y=625),
        line("1.2 Seção numerada", y=610, right=180),
    ]

    assert text_of(*page).split("\n") == [one.text for one in page]


def test_a_reference_inside_a_sentence_begins_no_line() -> None:
    joined = text_of(
        line("O prazo é contado da ciência do responsável nos termos do que diz o", y=700),
        line("§ 2º deste artigo.", y=685, right=160),
    )

    assert "\n" not in joined


def test_an_indent_begins_a_paragraph() -> None:
    assert "\n" in text_of(
        line("Esta frase enche a linha inteira e termina com um ponto na margem.", y=700),
        line(
            "Esta começa um parágrafo novo, recuado, como nos livros antigos são,", y=685, left=95
        ),
        line("e segue.", y=670, right=110),
    )


def test_rows_of_a_table_stay_rows_close_together() -> None:
    assert (
        text_of(
            line("Turno", "Entrada", "Saída", y=700),
            line("Manhã", "7h20", "12h40", y=675),
            line("Tarde", "13h10", "17h50", y=650),
        )
        == "Turno | Entrada | Saída\nManhã | 7h20 | 12h40\nTarde | 13h10 | 17h50"
    )


def test_a_word_cut_at_the_end_of_a_line_is_whole_again() -> None:
    assert (
        text_of(
            line("regimento aprovado pela insti", y=700, cut=True),
            line("tuição em 2026.", y=685, right=150),
        )
        == "regimento aprovado pela instituição em 2026."
    )


def test_hyphens_of_the_language_stay() -> None:
    def joined(head: str, tail: str) -> str:
        return text_of(line(head, y=700, cut=True), line(tail, y=685))

    assert joined("deve matricular", "se na secretaria") == "deve matricular-se na secretaria"
    assert joined("é preciso matriculá", "lo antes") == "é preciso matriculá-lo antes"
    assert joined("toda segunda", "feira") == "toda segunda-feira"
    assert joined("o biênio 2025", "2026") == "o biênio 2025-2026"
    assert joined("de cada clas", "se") == "de cada classe"
    assert joined("vai à esco", "la hoje") == "vai à escola hoje"


def test_larger_letters_are_headings_by_how_much_larger() -> None:
    text, headings = layout.written(
        [
            line("Regimento Escolar", y=760, size=24, right=300),
            line("TÍTULO I", y=720, size=16, right=200),
            line("Capítulo I", y=690, size=14, right=200),
            line("O texto da página, em letras do tamanho comum do documento todo.", y=660),
        ],
        12,
    )

    assert [(heading.level, heading.title) for heading in headings] == [
        (1, "Regimento Escolar"),
        (2, "TÍTULO I"),
        (3, "Capítulo I"),
    ]
    for heading in headings:
        assert text[heading.start :].startswith(heading.title)


def test_a_heading_over_two_lines_that_do_not_run_on_is_two() -> None:
    _, headings = layout.written(
        [
            line("STARLIGHT CINEMAS", y=760, size=14, right=220),
            line("Orders", y=742, size=14, right=120),
            line("O texto comum da página vai até a margem direita dela.", y=700),
        ],
        12,
    )

    assert [heading.title for heading in headings] == ["STARLIGHT CINEMAS", "Orders"]


def test_a_long_paragraph_in_large_letters_names_nothing() -> None:
    _, headings = layout.written([line("palavra " * 40, y=700, size=20)], 12)

    assert headings == ()


def test_numbers_alone_are_no_heading() -> None:
    _, headings = layout.written([line("2026", y=700, size=30, right=120)], 12)

    assert headings == ()


def test_a_sentence_runs_on_into_the_next_column() -> None:
    assert (
        text_of(
            line("uma frase que desce até o fim da primeira coluna e", y=80, right=280),
            line("sobe para a segunda.", y=700, left=310, right=420),
        )
        == "uma frase que desce até o fim da primeira coluna e sobe para a segunda."
    )


def test_the_body_size_is_that_of_most_letters() -> None:
    page = [line("Título", y=700, size=30), line("texto comum " * 5, y=650, size=10.02)]

    assert layout.body_size([page]) == 10.0
    assert layout.body_size([]) == 0.0


def test_a_page_without_lines_is_empty() -> None:
    assert layout.written([], 12) == ("", ())


def test_a_page_of_very_many_lines_is_laid_out_too() -> None:
    page = [line(f"linha {number}", y=8000 - 15 * number, right=120) for number in range(2000)]

    assert text_of(*page).count("linha") == 2000
