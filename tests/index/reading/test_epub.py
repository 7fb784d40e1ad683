"""Books: their parts in the order of the spine, under the names of their table of contents."""

import zipfile
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import epub
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import bundles, papers

FIRST = "<html><head><title>x</title></head><body><h1>Direitos</h1><p>São dez.</p></body></html>"
SECOND = "<!DOCTYPE html><html><body><h2>Deveres</h2><p>Caf&eacute; n&atilde;o.</p></body></html>"
LOCKED = (
    '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
    '<enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>'
)


def found(path: Path) -> tuple[Outline, list[Page]]:
    with path.open("rb") as file:
        first, *pages = epub.read(file, path.name)
    assert isinstance(first, Outline)
    return first, [page for page in pages if isinstance(page, Page)]


def refusal_of(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        found(path)
    return refusal.value


def test_each_part_is_read_in_the_order_of_the_spine(tmp_path: Path) -> None:
    outline, pages = found(bundles.book(tmp_path / "a.epub", {"b.xhtml": FIRST, "a.xhtml": SECOND}))

    assert outline == Outline(pages=2, title="Manual do aluno", paged=False)
    assert [page.number for page in pages] == [1, 2]
    assert "Direitos\n\nSão dez." in pages[0].text
    assert pages[1].text == "Deveres\n\nCafé não."


def test_a_part_has_the_name_that_the_table_of_contents_gives_it(tmp_path: Path) -> None:
    plain = "<html><body><p>São dez.</p><h2>Prazo</h2></body></html>"
    _, (page,) = found(
        bundles.book(
            tmp_path / "a.epub", {"a.xhtml": plain}, toc=bundles.contents(a_xhtml="Capítulo 1")
        )
    )

    assert page.text == "Capítulo 1\n\nSão dez.\n\nPrazo"
    assert [(one.level, one.title) for one in page.headings] == [(1, "Capítulo 1"), (2, "Prazo")]
    assert page.text[page.headings[1].start :] == "Prazo"


def test_a_cover_without_words_is_a_blank_page(tmp_path: Path) -> None:
    cover = "<html><body><img src='capa.png'/></body></html>"

    _, pages = found(bundles.book(tmp_path / "a.epub", {"c.xhtml": cover, "a.xhtml": FIRST}))

    assert (pages[0].how, pages[0].text) == ("digital", "")


def test_a_part_that_is_missing_is_noted_and_the_others_are_read(tmp_path: Path) -> None:
    _, pages = found(bundles.book(tmp_path / "a.epub", {"falta.xhtml": "", "a.xhtml": FIRST}))

    assert (pages[0].how, pages[0].notes) == ("unreadable", ("damaged",))
    assert "São dez." in pages[1].text


def test_addresses_with_spaces_and_folders_are_followed(tmp_path: Path) -> None:
    path = bundles.book(tmp_path / "a.epub", {"texto/../texto/o%20livro.xhtml": FIRST})
    parts = {"mimetype": "application/epub+zip"}
    with zipfile.ZipFile(path) as package:
        parts |= {
            name.replace("texto/../texto/o%20livro", "texto/o livro"): package.read(name).decode()
            for name in package.namelist()[1:]
        }

    _, (page,) = found(bundles.zipped(tmp_path / "b.epub", dict(parts)))

    assert "São dez." in page.text


def test_copy_protection_says_so_and_scrambled_fonts_do_not(tmp_path: Path) -> None:
    drm = LOCKED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    fonts = LOCKED.format("http://www.idpf.org/2008/embedding")

    locked = bundles.book(tmp_path / "a.epub", {"a.xhtml": FIRST}, META_INF_encryption_xml=drm)
    _, pages = found(
        bundles.book(tmp_path / "b.epub", {"a.xhtml": FIRST}, META_INF_encryption_xml=fonts)
    )

    assert refusal_of(locked).code == "encrypted"
    assert len(pages) == 1


def test_entities_are_refused_in_the_books_own_description(tmp_path: Path) -> None:
    declared = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]><x/>'
    path = bundles.book(tmp_path / "a.epub", {"a.xhtml": FIRST}, META_INF_rights_xml=declared)

    assert refusal_of(path).code == "dangerous_content"


def test_entities_in_a_chapter_are_never_resolved(tmp_path: Path) -> None:
    chapter = (
        '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM '
        '"file:///etc/hostname">]><html><body><p>Texto &b; e &x; aqui</p></body></html>'
    )

    _, (page,) = found(bundles.book(tmp_path / "a.epub", {"a.xhtml": chapter}))

    assert "lol" not in page.text.partition("Texto")[2]
    assert Path("/etc/hostname").read_text().strip() not in page.text


def test_a_book_without_a_description_or_words_says_so(tmp_path: Path) -> None:
    empty = bundles.zipped(
        tmp_path / "a.epub",
        {"mimetype": "application/epub+zip", "META-INF/container.xml": "<container/>"},
    )
    blank = bundles.book(tmp_path / "b.epub", {"a.xhtml": "<html><body/></html>"})

    assert refusal_of(empty).code == "damaged"
    assert refusal_of(blank).code == "no_words"


def test_half_a_book_is_damaged(tmp_path: Path) -> None:
    whole = bundles.book(tmp_path / "a.epub", {"a.xhtml": FIRST}).read_bytes()

    path = papers.saved(tmp_path, "b.epub", whole[: len(whole) // 2])

    assert refusal_of(path).code == "damaged"
