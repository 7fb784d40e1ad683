"""Menus, footers and cookie bars stay outside; the text of a page is kept to the last word."""

import io
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from appliance.index.reading import html
from appliance.records import Page

SITES = sorted((Path(__file__).parent / "web").glob("*.html"))
# A bar of a layout table, whose cells bear no names: the one thing that is kept by mistake.
MISTAKEN = {"intranet-tabelas": {"intranet", "corporativa", "sair"}}


def words(markup: str) -> list[str]:
    return re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", markup)).lower())


def parts(source: str) -> tuple[list[str], list[str]]:
    """The words of the text, which stands between <!--body--> and <!--/body-->, and the rest."""
    _, _, body = source.partition("</head>")
    pieces = re.split(r"<!--/?body-->", body)
    return words(" ".join(pieces[1::2])), words(" ".join(pieces[::2]))


def read(source: str) -> Page:
    _, page = html.read(io.BytesIO(source.encode()), "a.html")
    assert isinstance(page, Page)
    return page


def text(body: str) -> str:
    return read(f"<html><body>{body}</body></html>").text


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.stem)
def test_all_words_of_the_text_and_none_of_the_menus(site: Path) -> None:
    source = site.read_text("utf-8")
    body, around = parts(source)
    title = words(source.partition("<title>")[2].partition("</title>")[0])
    kept = words(read(source).text)

    assert Counter(body) - Counter(kept) == Counter()
    menus = (set(kept) & set(around)) - set(body) - set(title)
    assert menus == MISTAKEN.get(site.stem, set())


def test_there_are_pages_of_every_style() -> None:
    assert len(SITES) >= 10


def test_headings_lists_tables_and_links_keep_their_form() -> None:
    page = read((Path(__file__).parent / "web" / "escola-wordpress.html").read_text("utf-8"))

    assert page.text.startswith("Matrículas 2026\n\nAs matrículas para o ano letivo")
    assert "- Histórico escolar ou declaração de transferência" in page.text
    assert "Turma | Mensalidade\n1º ano | R$ 1.680,00" in page.text
    assert [heading.title for heading in page.headings] == [
        "Matrículas 2026", "Documentos necessários", "Valores das mensalidades",
    ]  # fmt: skip


def test_what_holds_the_pages_heading_or_most_of_its_words_is_no_furniture() -> None:
    assert text("<div class='menu'><h1>Cardápio</h1><p>Arroz e feijão</p></div>") == (
        "Cardápio\n\nArroz e feijão"
    )
    assert "palavra" in text(f"<div class='has-sidebar footer'>{'palavra ' * 50}</div><p>fim</p>")


def test_a_chapter_about_cookies_is_a_chapter() -> None:
    chapter = "<section id='cookies'><h2>Cookies</h2><p>" + "usamos estes registros " * 15
    page = f"<h1>Privacidade</h1><p>{'texto ' * 100}</p>{chapter}</p></section>"

    assert "usamos estes registros" in text(page)


def test_a_list_of_links_with_long_names_is_a_text() -> None:
    links = "".join(
        f"<li><a href='/{n}'>Edital {n}: obras da rua número {n}</a></li>" for n in "123"
    )

    assert "Edital 2: obras da rua número 2" in text(f"<ul>{links}</ul><h1>Editais</h1><p>Fim</p>")
    assert "Edital 2" in text(f"<h1>Editais</h1><ul class='lista'>{links}</ul>")


def test_a_list_of_short_links_above_the_text_is_a_menu() -> None:
    links = "".join(f"<li><a href='/{n}'>Seção {n}</a></li>" for n in "123")

    assert text(f"<ul>{links}</ul><h1>Aviso</h1><p>Texto</p>") == "Aviso\n\nTexto"
    assert "Seção 2" in text(f"<h1>Aviso</h1><ul>{links}</ul>")
    assert "Seção 2" in text(f"<p>Texto</p><ul>{links}</ul>")  # no heading says where it begins


def test_the_anchor_in_a_heading_is_no_header() -> None:
    assert text("<h1>Um</h1><h2><a class='header' href='#a'>Dois</a></h2><p>Três</p>") == (
        "Um\n\nDois\n\nTrês"
    )


def test_an_aside_within_the_text_is_text_and_one_of_links_beside_it_is_not() -> None:
    assert "Visitas" in text("<article><h1>Um</h1><aside>Visitas às 14h</aside></article>")
    assert "Veja" not in text(
        "<article><h1>Um</h1><p>Texto</p></article><aside><a href='/a'>Veja mais</a></aside>"
    )


def test_a_header_with_little_in_it_is_the_sites() -> None:
    assert text("<header>Colégio Horizonte</header><h1>Aviso</h1><p>Texto</p>") == "Aviso\n\nTexto"
    assert "Desde 1987" in text("<article><header><h1>Nós</h1><p>Desde 1987</p></header></article>")


def test_a_page_that_is_nothing_but_furniture_is_read_as_it_is() -> None:
    assert (
        text("<div class='footer'><p>Rua das Palmeiras, 100</p></div>") == "Rua das Palmeiras, 100"
    )


def test_a_million_elements_are_measured_in_one_pass() -> None:
    deep = "<div class='menu'>" * 20_000 + "<a href='/'>fundo</a>"

    assert "fundo" in text(deep)
