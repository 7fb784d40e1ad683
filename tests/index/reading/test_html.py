"""A page of HTML is read as a person would read it."""

import io
import time
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import html
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers


def read(body: str, head: str = "") -> Page:
    source = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    _, page = html.read(io.BytesIO(source.encode()), "a.html")
    assert isinstance(page, Page)
    return page


def test_headings_keep_their_place_and_depth() -> None:
    page = read("<h1>Calendário</h1><p>Texto.</p><h2>Férias</h2><p>De 6 a 31.</p>")

    assert page.text == "Calendário\n\nTexto.\n\nFérias\n\nDe 6 a 31."
    assert [(heading.level, heading.title) for heading in page.headings] == [
        (1, "Calendário"),
        (2, "Férias"),
    ]
    assert page.text[page.headings[1].start :].startswith("Férias\n")


def test_the_title_of_the_page_opens_its_text_unless_its_first_heading_repeats_it() -> None:
    apart = read("<h1>Aviso</h1><p>Texto</p>", "<title>Férias 2026</title>")
    same = read("<h1>Férias</h1><p>Texto</p>", "<title> Férias </title>")

    assert apart.text == "Férias 2026\n\nAviso\n\nTexto"
    assert same.text == "Férias\n\nTexto"


def test_the_outline_has_the_title(tmp_path: Path) -> None:
    path = papers.saved(
        tmp_path, "a.html", "<html><head><title>Guia</title></head><body><p>Oi</p></body></html>"
    )
    outline, _ = papers.read(path)

    assert outline == Outline(pages=1, title="Guia", paged=False)


def test_the_furniture_is_left_out() -> None:
    page = read(
        "<nav>Início</nav><div role='navigation'>Menu</div><main><p>Conteúdo</p></main>"
        "<script>var a</script><style>p{}</style><noscript>ligue</noscript>"
        "<template>molde</template><button>Enviar</button><footer>Rodapé</footer>"
    )

    assert page.text == "Conteúdo"


def test_what_is_hidden_is_left_out() -> None:
    page = read(
        "<p hidden>um</p><p style='display: none'>dois</p><p style='visibility:hidden'>três</p>"
        "<p>visto</p>"
    )

    assert page.text == "visto"


def test_a_page_that_is_all_navigation_is_still_read() -> None:
    assert read("<nav><p>Secretaria</p><p>Ramal 3</p></nav>").text == "Secretaria\n\nRamal 3"


def test_tables_become_rows() -> None:
    page = read(
        "<p>Preços</p><table><caption>2026</caption><thead><tr><th>Turma</th><th>Valor</th></tr>"
        "</thead><tbody><tr><td>1º <b>ano</b></td><td><p>R$&nbsp;1.680</p><p>mensais</p></td></tr>"
        "</tbody></table><p>Fim</p>"
    )

    assert page.text == "Preços\n\n2026\nTurma | Valor\n1º ano | R$ 1.680 mensais\n\nFim"


def test_a_table_that_only_arranges_the_page_is_no_table() -> None:
    page = read(
        "<table><tr><td><h1>Título</h1><p>Um</p></td><td><table><tr><td>a</td><td>b</td></tr>"
        "</table></td></tr></table>"
    )

    assert page.text == "Título\n\nUm\n\na | b"
    assert [heading.title for heading in page.headings] == ["Título"]


def test_lists_keep_bullets_and_numbers() -> None:
    page = read("<ul><li>um</li><li>dois</li></ul><ol><li>primeiro</li><li>segundo</li></ol>")

    assert page.text == "- um\n- dois\n\n1. primeiro\n2. segundo"


def test_a_link_is_its_words_and_spaces_are_single() -> None:
    page = read("<p>Veja   o\n<a href='http://x.example'>regimento</a>.<br>Outra linha</p>")

    assert page.text == "Veja o regimento.\nOutra linha"


def test_preformatted_text_keeps_its_lines() -> None:
    assert read("<pre>a  b\n  c</pre>").text == "a  b\n  c"


def test_entities_are_characters() -> None:
    assert (
        read("<p>Matr&iacute;cula &amp; taxas &lt;2026&gt;</p>").text == "Matrícula & taxas <2026>"
    )


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
        ("", "cp1252"),
        ("", "utf-8"),
        ('<meta charset="iso-8859-1">', "utf-8"),
        ("", "utf-16"),
        ('<meta charset="koi8-r">', "koi8-r"),
    ],
)
def test_the_encoding_is_found(declaration: str, encoding: str) -> None:
    words = "Привет" if encoding == "koi8-r" else "Matrícula e avaliação"
    source = f"<html><head>{declaration}</head><body><p>{words}</p></body></html>"

    _, page = html.read(io.BytesIO(source.encode(encoding)), "a.html")

    assert isinstance(page, Page)
    assert page.text == words


def test_an_entity_that_names_a_file_is_not_followed() -> None:
    source = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<html><body><p>antes &x; depois</p></body></html>"
    )
    _, page = html.read(io.BytesIO(source.encode()), "a.html")

    assert isinstance(page, Page)
    hostname = Path("/etc/hostname")
    if hostname.exists() and hostname.read_text().strip():
        assert hostname.read_text().strip() not in page.text
    assert "depois" in page.text


def test_a_deep_page_is_read_without_recursion() -> None:
    deep = "<div>" * 5_000 + "fundo" + "</div>" * 5_000
    begun = time.perf_counter()

    assert read(deep).text == "fundo"

    assert time.perf_counter() - begun < 20


def test_broken_markup_is_read_as_far_as_it_makes_sense() -> None:
    assert read("<p>um<p>dois<ul><li>três<table><td>quatro").text.split() == [
        "um", "dois", "-", "três", "quatro",
    ]  # fmt: skip


def test_a_page_without_a_word_says_so() -> None:
    with pytest.raises(Unreadable) as refusal:
        read("<script>1</script>")

    assert refusal.value.code == "no_words"


def test_binary_is_refused() -> None:
    with pytest.raises(Unreadable) as refusal:
        list(html.read(io.BytesIO(bytes(range(256))), "a.html"))

    assert refusal.value.code == "type_mismatch"
