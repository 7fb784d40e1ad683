"""RTF, however old the program that wrote it."""

import io

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import rtf
from appliance.index.reading.wire import Outline
from appliance.records import Page

STYLES = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Coisa;}{\s2 heading 2;}{\s3 Title;}}"


def read(body: str | bytes, *, head: str = r"\ansi\ansicpg1252") -> tuple[Outline, Page]:
    content = body.encode("latin-1") if isinstance(body, str) else body
    outline, page = rtf.read(
        io.BytesIO(b"{\\rtf1" + head.encode() + b" " + content + b"}"), "a.rtf"
    )
    assert isinstance(outline, Outline)
    assert isinstance(page, Page)
    return outline, page


def text(body: str | bytes, **rest: str) -> str:
    return read(body, **rest)[1].text


def test_paragraphs_and_their_signs() -> None:
    assert text(r"Um\emdash dois\par \ldblquote Tr\'eas\rdblquote\~fim\line linha\tab tab\par") == (
        "Um—dois\n\n“Três” fim\nlinha tab"
    )


def test_braces_backslashes_and_soft_hyphens() -> None:
    assert text(r"\{a\} c:\\dir co\-isa guarda\_chuva") == "{a} c:\\dir coisa guarda-chuva"


@pytest.mark.parametrize(
    ("head", "body", "read_as"),
    [
        (r"\ansi\ansicpg1252", rb"a\'e7\'e3o", "ação"),
        (r"\ansi\ansicpg1251", rb"\'cf\'f0\'e8", "При"),
        (r"\ansi\ansicpg65001", rb"a\'c3\'a7\'c3\'a3o", "ação"),
        (r"\ansi\ansicpg9999", rb"a\'e7\'e3o", "ação"),
        (r"\mac", rb"a\'8d\'8bo", "ação"),
        (r"\pc", rb"a\'87o", "aço"),
        (r"\pca", rb"a\'c6o", "aão"),
        (r"\ansi\ansicpg1252", "ação".encode("latin-1"), "ação"),
    ],
)
def test_letters_are_read_in_the_code_page_of_the_file(
    head: str, body: bytes, read_as: str
) -> None:
    assert text(body, head=head) == read_as


def test_letters_of_two_bytes_are_whole_even_when_the_second_is_plain() -> None:
    fonts = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset128 MS Gothic;}}"

    assert text(fonts + r"\f1 \'83\'5c\'83\'5c \'83\\{\f0 caf\'e9}").startswith("ソソ")
    assert text(fonts + r"\f1\'83A\'83B {\f0 caf\'e9}") == "アィ café"


def test_unicode_letters_take_the_place_of_what_stands_for_them() -> None:
    assert text(r"\uc1\u26085?\u26412\'3f e {\uc2\u231 ab}o") == "日本 e ço"
    assert text(r"sim \uc0\u-10179\u-8704") == "sim 😀"


def test_a_half_of_a_letter_is_left_out() -> None:
    assert text(r"antes \uc0\u-10240 depois") == "antes depois"


def test_headings_come_from_the_style_sheet() -> None:
    _, page = read(
        STYLES + r"\pard\s1 Regimento\par\pard\s0 Vale.\par\pard\s2 Multas\par\pard R$ 2.\par"
    )

    assert page.text == "Regimento\n\nVale.\n\nMultas\n\nR$ 2."
    assert [(one.level, one.title) for one in page.headings] == [(1, "Regimento"), (2, "Multas")]


def test_the_title_is_the_files_own_or_the_first_heading() -> None:
    own, _ = read(r"{\info{\title Guia \'e9 este}{\author Ana}}Texto")
    twice, _ = read(r"{\info{\upr{\title ????}{\*\ud{\title \uc0\u26085\u26412}}}}Texto")
    styled, _ = read(STYLES + r"\pard\s3 Guia\par\pard Texto\par")

    assert (own.title, twice.title, styled.title) == ("Guia é este", "日本", "Guia")


def test_a_text_without_headings_stands_under_its_title() -> None:
    _, page = read(r"{\info{\title Guia}}Texto")

    assert page.text == "Guia\n\nTexto"
    assert [one.title for one in page.headings] == ["Guia"]


def test_lists_keep_the_marks_that_the_program_wrote() -> None:
    body = (
        r"Antes:\par{\listtext 1.\tab}um\par{\listtext 2.\tab}dois\par"
        r"{\pntext\'b7\tab}ponto\par\pard Depois.\par"
    )

    assert text(body) == "Antes:\n\n1. um\n2. dois\n- ponto\n\nDepois."


def test_tables_become_rows() -> None:
    row = r"\trowd\cellx1\cellx2\pard\intbl %s\cell %s\cell\row "

    assert text(
        "Antes\\par" + row % ("Turma", "Valor") + row % ("1\\par ano", "R$ 9") + r"\pard Fim"
    ) == ("Antes\n\nTurma | Valor\n1 ano | R$ 9\n\nFim")


def test_footnotes_stand_under_their_paragraph() -> None:
    body = r"O prazo{\super\chftn{\footnote\pard\chftn Em dias \'fateis.}} conta.\par Outro.\par"

    assert text(body) == "O prazo [1] conta.\n\n[1] Em dias úteis.\n\nOutro."


@pytest.mark.parametrize(
    "group",
    [
        r"{\header topo}",
        r"{\footer p\'e9}",
        r"{\pict\pngblip 89504e47}",
        r"{\*\generator Word}",
        r"{\colortbl;\red0;}",
        r"{\info{\author Ana}{\company X}}",
        r"{\v escondido}",
        r"{\deleted apagado}",
        r"{\*\annotation coment\'e1rio}",
        r"{\*\shppict{\pict 00}}",
    ],
)
def test_what_is_not_the_documents_words_stays_out(group: str) -> None:
    assert text(rf"Antes {group}depois.") == "Antes depois."


def test_a_link_is_its_words_and_a_box_is_read() -> None:
    body = (
        r'{\field{\*\fldinst HYPERLINK "http://canary.example"}{\fldrslt o regimento}}'
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt  na caixa}}}"
    )

    assert text(body) == "o regimento na caixa"


def test_a_picture_in_bytes_is_passed_over() -> None:
    assert text(b"Antes {\\pict\\bin6 }}{{\\\\}depois") == "Antes depois"


def test_a_file_cut_off_in_the_middle_gives_what_is_there() -> None:
    _, page = rtf.read(io.BytesIO(rb"{\rtf1\ansi Come\'e7o do texto {\b que"), "a.rtf")

    assert isinstance(page, Page)
    assert page.text == "Começo do texto que"


def test_more_braces_closed_than_opened_do_no_harm() -> None:
    assert text("Antes}}}} depois") == "Antes depois"


def test_ten_thousand_groups_within_each_other_do_no_harm() -> None:
    assert text("{" * 10_000 + "fundo" + "}" * 10_000) == "fundo"


def test_a_long_line_of_links_takes_no_longer_than_its_length() -> None:
    link = r'{\field{\*\fldinst{HYPERLINK "http://x.example"}}{\fldrslt elo }}'

    assert text(link * 5000).split() == ["elo"] * 5000


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{\\rtf1 }", "no_words"), (b"{\\rich}", "damaged"), (b"", "damaged")],
)
def test_what_cannot_be_read_says_so(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        list(rtf.read(io.BytesIO(content), "a.rtf"))

    assert refusal.value.code == code


def test_a_file_of_enormous_pictures_is_not_taken_into_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rtf, "LARGEST", 100)

    with pytest.raises(Unreadable) as refusal:
        read("x" * 200)

    assert refusal.value.code == "too_big_in_memory"
