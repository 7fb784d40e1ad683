"""LibreOffice's files: everything a reader of the paper or the slides sees."""

from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import opendocument
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import bundles
from tests.index.reading.bundles import MANIFEST

NUMBERS = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="3" '
    'style:num-suffix="."/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="•"/></text:list-style>'
)


def found(path: Path) -> tuple[Outline, list[Page]]:
    with path.open("rb") as file:
        first, *pages = opendocument.read(file, path.name)
    assert isinstance(first, Outline)
    return first, [page for page in pages if isinstance(page, Page)]


def text(tmp_path: Path, body: str, **rest: str) -> Page:
    _, (page,) = found(bundles.open_document(tmp_path / "a.odt", body, **rest))
    return page


def refusal_of(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        found(path)
    return refusal.value


def items(*words: str, level: int = 1) -> str:
    return "".join(f"<text:list-item><text:p>{word}</text:p></text:list-item>" for word in words)


def test_headings_keep_their_levels_and_places(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        '<text:h text:outline-level="1">Regimento</text:h><text:p>Vale para todos.</text:p>'
        '<text:h text:outline-level="2">Multas</text:h><text:p>R$ 1,50.</text:p>',
    )

    assert page.text == "Regimento\n\nVale para todos.\n\nMultas\n\nR$ 1,50."
    assert [(one.level, one.title) for one in page.headings] == [(1, "Regimento"), (2, "Multas")]
    assert page.text[page.headings[1].start :].startswith("Multas")


@pytest.mark.parametrize("odd", ["²", "x", "-3", "9" * 5000])
def test_numbers_that_are_none_lose_nothing(tmp_path: Path, odd: str) -> None:
    page = text(
        tmp_path,
        f'<text:h text:outline-level="{odd}">Multas</text:h>'
        f'<text:p>R$<text:s text:c="{odd}"/>1,50</text:p><table:table><table:table-row>'
        f'<table:table-cell table:number-columns-repeated="{odd}"><text:p>Ana</text:p>'
        "</table:table-cell></table:table-row></table:table>",
    )

    assert page.text == "Multas\n\nR$ 1,50\n\nAna"


def test_the_title_of_the_file_or_of_its_first_line(tmp_path: Path) -> None:
    body = '<text:p text:style-name="P1">Guia</text:p><text:p>Texto.</text:p>'
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    own, _ = found(bundles.open_document(tmp_path / "a.odt", body, title="Guia 2026"))
    styled, _ = found(bundles.open_document(tmp_path / "b.odt", body, styles=styles))

    assert (own.title, styled.title) == ("Guia 2026", "Guia")


def test_lists_show_the_numbers_that_the_program_shows(tmp_path: Path) -> None:
    inner = f"<text:list>{items('aluno', 'professor')}</text:list>"
    page = text(
        tmp_path,
        f'<text:list text:style-name="L1"><text:list-item><text:p>um</text:p>{inner}'
        f"</text:list-item>{items('dois')}</text:list>"
        f'<text:list text:style-name="L2">{items("ponto")}</text:list>'
        '<text:list text:style-name="L1" text:continue-numbering="true">'
        f"{items('três')}</text:list>"
        f'<text:list text:style-name="L1">{items("de novo")}</text:list>',
        styles=NUMBERS,
    )

    lines = [line for line in page.text.split("\n") if line]
    assert lines == [
        "1. um", "a) aluno", "b) professor", "2. dois", "- ponto", "3. três", "1. de novo",
    ]  # fmt: skip


def test_a_list_may_start_where_it_says_and_number_all_its_levels(tmp_path: Path) -> None:
    second = f"<text:list-item><text:list>{items('fundo')}</text:list></text:list-item>"
    third = f"<text:list>{second}</text:list>"
    page = text(
        tmp_path,
        '<text:list text:style-name="L1"><text:list-item text:start-value="7"><text:p>sete</text:p>'
        f"{third}</text:list-item><text:list-header><text:p>sem número</text:p></text:list-header>"
        "</text:list>",
        styles=NUMBERS,
    )

    assert [line for line in page.text.split("\n") if line] == [
        "7. sete", "7.a.1. fundo", "sem número",
    ]  # fmt: skip


def test_headings_are_numbered_when_the_outline_is(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        '<text:h text:outline-level="1">Geral</text:h><text:h text:outline-level="2">Prazo</text:h>'
        "<text:p>Dez dias.</text:p>",
        shared=(
            '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I"/>'
            '<text:outline-level-style text:level="2" style:num-prefix="Art. " '
            'style:num-format="1" style:num-suffix="º"/></text:outline-style>'
        ),
    )

    assert page.text == "I Geral\n\nArt. 1º Prazo\n\nDez dias."


def test_tables_become_rows_and_merged_cells_stand_once(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        "<text:p>Antes</text:p><table:table><table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>Turma</text:p></table:table-cell>"
        "<table:table-cell><text:p>Valor</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row>"
        '<table:table-cell table:number-rows-spanned="2">'
        "<text:p>1º</text:p><text:p>ano</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>R$ 9</text:p>'
        "</table:table-cell><table:covered-table-cell/></table:table-row></table:table>",
    )

    assert page.text == "Antes\n\nTurma | Valor\n1º ano | R$ 9 | R$ 9"


def test_an_endless_row_is_not_repeated_without_end(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        "<table:table><table:table-row>"
        '<table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table>",
    )

    assert page.text.count("x") == 200


def test_footnotes_stand_under_their_paragraph(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        "<text:p>O prazo<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Em dias úteis.</text:p></text:note-body></text:note> é de dez dias.</text:p>"
        "<text:p>Outro.</text:p>",
    )

    assert page.text == "O prazo [1] é de dez dias.\n\n[1] Em dias úteis.\n\nOutro."


def test_comments_and_deleted_text_stay_out(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>apagado</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>Fica<office:annotation><text:p>comentário</text:p></office:annotation>.</text:p>",
    )

    assert page.text == "Fica."


def test_spaces_breaks_boxes_and_sections_are_read(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        '<text:section><text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>'
        "<text:span>d</text:span></text:p></text:section>"
        "<text:p><draw:frame><draw:text-box><text:p>caixa</text:p></draw:text-box></draw:frame>"
        "</text:p>",
    )

    assert page.text == "a   b c\nd\n\ncaixa"


SLIDES = (
    "<draw:page>"
    '<draw:frame svg:x="1cm" svg:y="10cm"><draw:text-box><text:p>embaixo</text:p></draw:text-box>'
    "</draw:frame>"
    '<draw:frame svg:x="12cm" svg:y="4.1cm"><draw:text-box><text:p>direita</text:p>'
    "</draw:text-box></draw:frame>"
    '<draw:frame svg:x="1cm" svg:y="4cm"><draw:text-box><text:p>esquerda</text:p></draw:text-box>'
    "</draw:frame>"
    '<draw:frame presentation:class="title"><draw:text-box><text:p>Matrículas</text:p>'
    "</draw:text-box></draw:frame>"
    '<draw:frame presentation:class="page-number"><draw:text-box><text:p>1</text:p>'
    "</draw:text-box></draw:frame>"
    '<draw:g><draw:custom-shape svg:x="50mm" svg:y="8in"><text:p>no grupo</text:p>'
    "</draw:custom-shape></draw:g>"
    "<presentation:notes><draw:frame><draw:text-box><text:p>Falar do prazo.</text:p>"
    "</draw:text-box></draw:frame></presentation:notes></draw:page>"
    '<draw:page><draw:frame svg:x="?" svg:y="torto"><draw:image/></draw:frame></draw:page>'
)


def test_a_presentation_is_a_page_for_each_slide(tmp_path: Path) -> None:
    outline, pages = found(bundles.open_document(tmp_path / "a.odp", SLIDES, title="Aula"))

    assert outline == Outline(pages=2, title="Aula", paged=True)
    assert pages[0].text == (
        "Matrículas\n\nesquerda\n\ndireita\n\nembaixo\n\nno grupo\n\nNotas: Falar do prazo."
    )
    assert [one.title for one in pages[0].headings] == ["Matrículas"]
    assert (pages[1].how, pages[1].notes) == ("unreadable", ("no_text",))


def test_a_file_under_a_password_says_so(tmp_path: Path) -> None:
    manifest = (
        f'<manifest:manifest {MANIFEST}><manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    path = bundles.open_document(tmp_path / "a.odt", "<text:p>x</text:p>", manifest=manifest)

    assert refusal_of(path).code == "encrypted"


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "dangerous_content"),
        ('<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>', "dangerous_content"),
    ],
    ids=["an outside file", "laughs"],
)
def test_entities_are_refused_before_parsing(tmp_path: Path, before: str, code: str) -> None:
    path = bundles.open_document(tmp_path / "a.odt", "<text:p>&x;</text:p>", before=before)

    assert refusal_of(path).code == code


def test_a_document_type_alone_loads_nothing(tmp_path: Path) -> None:
    page = text(
        tmp_path,
        "<text:p>Olá</text:p>",
        before='<!DOCTYPE d SYSTEM "file:///etc/hostname">',
    )

    assert page.text == "Olá"


def test_a_file_without_a_body_or_with_broken_xml_is_damaged(tmp_path: Path) -> None:
    bare = bundles.zipped(tmp_path / "a.odt", {"mimetype": "x", "content.xml": "<x/>"})
    broken = bundles.open_document(tmp_path / "b.odt", "<text:p>")

    assert refusal_of(bare).code == refusal_of(broken).code == "damaged"


def test_a_file_without_words_says_so(tmp_path: Path) -> None:
    assert refusal_of(bundles.open_document(tmp_path / "a.odt", "<text:p/>")).code == "no_words"
